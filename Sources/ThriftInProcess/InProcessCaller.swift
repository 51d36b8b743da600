internal import Synchronization
package import Thrift

/// Calls a router in the same process, through the same bytes as a connection would carry.
///
/// What a caller sees is what a connection shows: a deadline ends the wait whatever the handler does, and the
/// handler is told; a oneway call returns once it is under way; what no frame may carry is refused.
package struct InProcessCaller: ThriftCaller {
    private let router: ThriftRouter
    private let identity: PeerIdentity
    private let encoding: ThriftEncoding
    private let back: ThriftRouter
    private let defaultTimeout: Duration
    private let limits: ThriftLimits

    /// Creates a caller that the router sees as `identity`.
    ///
    /// - Parameter back: what the called side may call on this one.
    package init(
        _ router: ThriftRouter, as identity: PeerIdentity, encoding: ThriftEncoding = .compact,
        back: ThriftRouter = ThriftRouter([]), defaultTimeout: Duration = .seconds(30),
        limits: ThriftLimits = .standard
    ) {
        self.router = router
        self.identity = identity
        self.encoding = encoding
        self.back = back
        self.defaultTimeout = defaultTimeout
        self.limits = limits
    }

    package func call(
        _ method: MethodDescriptor, options: CallOptions, arguments: (inout ThriftWriter) -> Void
    ) async throws -> ThriftReply? {
        let timeout = options.timeout ?? defaultTimeout
        var writer = ThriftWriter(encoding)
        writer.writeCall(method, sequence: 1, header: options.header(timeout: timeout), arguments: arguments)
        let frame = writer.withBytes { [UInt8]($0.dropFirst(4)) }
        guard frame.count <= limits.frameBytes else {
            throw ThriftError(
                .tooLarge, "the call takes \(frame.count) bytes; at most \(limits.frameBytes) are allowed")
        }
        let message = try ThriftMessage(parsing: frame, limits: limits)
        if method.oneway {
            // As on a connection, the handler belongs to the side that serves it: nobody waits for it.
            Task.immediate { _ = await serve(frame, message) }
            return nil
        }
        let call = OpenCall()
        let answer = try await withTaskCancellationHandler {
            try await call.answer(within: timeout) { await serve(frame, message) }
        } onCancel: {
            call.end(with: .failure(ThriftError(.cancelled, "the caller gave up")))
        }
        let reply = [UInt8](answer.dropFirst(4))
        return try ThriftReply(
            answering: reply, message: try ThriftMessage(parsing: reply, limits: limits), limits: limits)
    }

    /// The framed answer, or what is said instead of one that no frame may carry.
    private func serve(_ frame: [UInt8], _ message: ThriftMessage) async -> [UInt8] {
        let caller = InProcessCaller(
            back, as: .local, encoding: encoding, back: router, defaultTimeout: defaultTimeout, limits: limits)
        let answer = await router.answer(frame, message: message, peer: identity, caller: caller, limits: limits) ?? []
        guard answer.count - 4 > limits.frameBytes else { return answer }
        let error = ThriftError(
            .tooLarge, "the answer takes \(answer.count) bytes; at most \(limits.frameBytes) are allowed")
        return ThriftRouter.exception(error, to: message)
    }
}

/// A call under way. The first of answer, deadline and cancellation ends it, and with it the handler.
private final class OpenCall: Sendable {
    private struct State {
        var outcome: Result<[UInt8], ThriftError>?
        var waiting: CheckedContinuation<[UInt8], any Error>?
        var tasks: [Task<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Runs the handler and waits for its answer.
    func answer(
        within timeout: Duration, _ serve: @escaping @Sendable () async -> [UInt8]
    ) async throws -> [UInt8] {
        try await withCheckedThrowingContinuation { continuation in
            let ended = state.withLock { state in
                if state.outcome == nil { state.waiting = continuation }
                return state.outcome
            }
            if let ended { return continuation.resume(with: ended) }
            own(Task.immediate { self.end(with: .success(await serve())) })
            own(
                Task {
                    guard (try? await Task.sleep(for: timeout)) != nil else { return }
                    self.end(with: .failure(ThriftError(.deadlineExceeded, "no answer within \(timeout)")))
                })
        }
    }

    /// Ends the call, unless it has ended.
    func end(with outcome: Result<[UInt8], ThriftError>) {
        let (waiting, tasks) = state.withLock {
            state -> (CheckedContinuation<[UInt8], any Error>?, [Task<Void, Never>]) in
            guard state.outcome == nil else { return (nil, []) }
            state.outcome = outcome
            defer {
                state.waiting = nil
                state.tasks = []
            }
            return (state.waiting, state.tasks)
        }
        for task in tasks { task.cancel() }
        waiting?.resume(with: outcome)
    }

    private func own(_ task: Task<Void, Never>) {
        let isOver = state.withLock { state in
            if state.outcome == nil { state.tasks.append(task) }
            return state.outcome != nil
        }
        if isOver { task.cancel() }
    }
}
