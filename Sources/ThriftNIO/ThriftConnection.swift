internal import NIOCore
internal import Synchronization
package import Thrift

/// One connection: calls its peer, and serves the peer's calls.
///
/// Calls may come from any thread. What they write gathers under a lock and is flushed once per turn of the
/// connection's event loop, or as often as enough has gathered.
package final class ThriftConnection: ThriftCaller {
    /// Who is at the other end.
    package let peer: PeerIdentity
    /// The peer's address, for people.
    package let address: String
    let options: ConnectionOptions
    /// Runs jobs on the connection's event loop, where answers arrive: a task that waits for one wakes there.
    package let executor: any TaskExecutor
    private let channel: any Channel
    private let state: Mutex<CallTable>

    init(_ channel: any Channel, peer: PeerIdentity, options: ConnectionOptions, executor: EventLoopExecutor) {
        self.channel = channel
        self.executor = executor
        self.peer = peer
        self.options = options
        address = channel.remoteAddress.map { "\($0)" } ?? "local"
        state = Mutex(CallTable(allocator: channel.allocator))
    }

    /// What the peer said in its hello; empty before it did.
    package var hello: Hello {
        get { state.withLock { $0.hello } }
        set { state.withLock { $0.hello = newValue } }
    }

    /// Whether calls can be sent.
    package var isOpen: Bool { state.withLock { $0.closed == nil } }

    /// Calls that wait for an answer.
    package var callsInFlight: Int { state.withLock { $0.pending.count } }

    /// Returns when the connection has ended.
    package func waitForClose() async { try? await channel.closeFuture.get() }

    /// Ends the connection; calls in flight end with `connectionLost`.
    package func close() { channel.close(promise: nil) }

    package func call(
        _ method: MethodDescriptor, options call: CallOptions, arguments: (inout ThriftWriter) -> Void
    ) async throws -> ThriftReply? {
        let timeout = call.timeout ?? options.defaultTimeout
        let sequence = state.withLock { $0.takeSequence() }
        var writer = ThriftWriter(options.encoding)
        writer.writeCall(method, sequence: sequence, header: call.header(timeout: timeout), arguments: arguments)
        guard writer.count - 4 <= options.limits.frameBytes else {
            throw ThriftError(
                .tooLarge, "the call takes \(writer.count) bytes; at most \(options.limits.frameBytes) are allowed")
        }
        if method.oneway {
            let decision = writer.withBytes { bytes in
                state.withLock { $0.send(bytes, limit: options.outboxBytes) }
            }
            try flush(after: decision)
            return nil
        }
        return try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                let call = PendingCall(continuation: continuation, deadline: .now() + TimeAmount(timeout))
                let decision = writer.withBytes { framed in
                    state.withLock { $0.begin(call, sequence: sequence, framed: framed, options: options) }
                }
                do { try flush(after: decision) } catch { continuation.resume(throwing: error) }
            }
        } onCancel: {
            giveUp(sequence, ThriftError(.cancelled, "the caller gave up"))
        }
    }

    /// Calls of the peer that run here.
    package var callsBeingServed: Int { state.withLock { $0.servingCount } }

    /// Sends an already framed reply. A peer that asks and does not read loses the connection once the
    /// outbox is full; to stop reading from it instead could block both sides for ever.
    func reply(_ framed: [UInt8]) {
        let limit = options.outboxBytes + options.limits.frameBytes
        let decision = framed.withUnsafeBytes { bytes in state.withLock { $0.send(bytes, limit: limit) } }
        if case .refuse(let error) = decision, error.code == .overloaded { return close() }
        try? flush(after: decision)
    }

    /// The answer, or what is said instead of one that no frame may carry.
    private func bounded(_ answer: [UInt8], to message: ThriftMessage) -> [UInt8] {
        guard answer.count - 4 > options.limits.frameBytes else { return answer }
        let error = ThriftError(
            .tooLarge, "the answer takes \(answer.count) bytes; at most \(options.limits.frameBytes) are allowed")
        return ThriftRouter.exception(error, to: message)
    }

    /// Takes an answer that came in.
    func receive(_ frame: [UInt8], _ message: ThriftMessage) {
        guard let call = state.withLock({ $0.pending.removeValue(forKey: message.sequence) }) else { return }
        do throws(ThriftError) {
            call.continuation.resume(
                returning: try ThriftReply(answering: frame, message: message, limits: options.limits))
        } catch {
            call.continuation.resume(throwing: error)
        }
    }

    /// Serves a call that came in; on the loop only. A handler that never suspends runs right here.
    func serve(_ frame: [UInt8], _ message: ThriftMessage, by router: ThriftRouter) {
        guard state.withLock({ $0.beginServing(message.sequence, limit: options.callsIn) }) else {
            let error = ThriftError(.overloaded, "\(options.callsIn) calls of this connection already run")
            if message.type == .call { reply(ThriftRouter.exception(error, to: message)) }
            return
        }
        let task = Task.immediate(executorPreference: executor) {
            let answer = await router.answer(
                frame, message: message, peer: peer, caller: self, limits: options.limits)
            if let answer { reply(bounded(answer, to: message)) }
            state.withLock { $0.endServing(message.sequence) }
        }
        state.withLock { $0.note(task, serving: message.sequence) }
    }

    /// Cancels the handler of a call that the peer no longer waits for.
    func cancelServing(_ sequence: Int32) {
        state.withLock { $0.servingTask(sequence) }?.cancel()
    }

    /// Whether hellos were exchanged.
    var isGreeted: Bool {
        get { state.withLock { $0.greeted } }
        set { state.withLock { $0.greeted = newValue } }
    }

    /// Sends a ping whose answer nobody waits for: any byte from the peer shows that it lives.
    func probe() {
        var writer = ThriftWriter(options.encoding)
        let sequence = state.withLock { $0.takeSequence() }
        writer.writeCall(ChannelServiceMethods.ping, sequence: sequence, header: CallHeader()) { _ in }
        reply(writer.bytes())
    }

    /// What kind of failure this side ended the connection for, once it has.
    var endedBecause: ThriftError.Code? { state.withLock { $0.closedBecause } }

    /// Ends what waits for answers: the connection is gone.
    func ended(_ error: ThriftError, because code: ThriftError.Code?) {
        let left = state.withLock { $0.end(error, because: code) }
        left.timer?.cancel()
        for call in left.pending { call.continuation.resume(throwing: error) }
        for task in left.serving { task.cancel() }
    }

    /// Lets what is said in answer to a read gather until `drain` at its end.
    func gather() { state.withLock { $0.gather() } }

    /// Hands what has gathered to the channel; on the loop only.
    func drain() {
        channel.eventLoop.assertInEventLoop()
        guard channel.isActive, channel.isWritable else {
            state.withLock { $0.drainScheduled = false }
            return
        }
        guard let bytes = state.withLock({ $0.takeOutbox() }) else { return }
        channel.writeAndFlush(bytes, promise: nil)
    }

    private func flush(after decision: CallTable.Decision) throws(ThriftError) {
        switch decision {
        case .refuse(let error): throw error
        case .nothing: return
        case .drainNow: if channel.eventLoop.inEventLoop { drain() }
        case .drain(let deadline):
            channel.eventLoop.execute {
                self.drain()
                if let deadline { self.sweep(at: deadline) }
            }
        }
    }

    /// Forgets a call, and tells the peer that nobody waits.
    private func giveUp(_ sequence: Int32, _ error: ThriftError) {
        guard let call = state.withLock({ $0.pending.removeValue(forKey: sequence) }) else { return }
        call.continuation.resume(throwing: error)
        var writer = ThriftWriter(options.encoding)
        writer.writeCall(ChannelServiceMethods.cancel, sequence: sequence, header: CallHeader()) { writer in
            writer.field(.i32, 1)
            writer.writeInt32(sequence)
        }
        reply(writer.bytes())
    }

    /// Looks for calls past their deadline at `deadline`; on the loop only.
    private func sweep(at deadline: NIODeadline) {
        let timer = channel.eventLoop.scheduleTask(deadline: deadline) {
            let (late, next) = self.state.withLock { $0.takeLate(now: .now()) }
            for sequence in late {
                self.giveUp(sequence, ThriftError(.deadlineExceeded, "no answer from \(self.peer) before the deadline"))
            }
            if let next { self.sweep(at: next) }
        }
        let superseded = state.withLock { $0.replaceTimer(timer, at: deadline) }
        superseded?.cancel()
    }
}
