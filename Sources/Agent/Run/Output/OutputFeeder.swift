internal import ElvesContracts
internal import ElvesCore
package import Logging
package import Runner
internal import ServiceLifecycle
internal import Synchronization
package import Thrift

/// Sends what long or loud workers write to the center, as it comes.
///
/// It reads the copies that the runner makes, so neither a worker nor a command ever waits for it or for the center.
/// While no task runs for longer than a moment it does nothing.
package final class OutputFeeder: Service {
    /// A worker that has run for so long is followed.
    static let patience = Duration.milliseconds(200)
    /// A chunk that is not answered by then is sent again.
    fileprivate static let answerPatience = Duration.seconds(30)

    private enum News: Sendable {
        case follow(AttemptKey)
        case ended(AttemptKey, wrote: OutputCounts?)
        case landed(OutputTrail.Sending, OutputDesk.Outcome)
    }

    private struct State {
        /// Attempts that run and are not followed yet.
        var running: [AttemptKey: ContinuousClock.Instant] = [:]
        /// Whether the loop will look at `running` by itself.
        var isArmed = false
        var news: [News] = []
    }

    private let folder: CopyFolder
    private let limits: OutputDesk.Limits
    private let open: Set<AttemptKey>
    /// Attempts whose copies an earlier life of this process left: listed before any of this one's can be there.
    private let leftovers: [AttemptKey]
    private let center: TaskReportServiceClient
    private let rest: Rest
    private let logger: Logger
    private let state = Mutex(State())
    private let bell: AsyncStream<Void>
    private let ring: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - open: attempts that may still run, from an earlier life of this process.
    ///   - stored: bytes of copies that the disk is to hold at most.
    package init(
        _ folder: AgentFolder, open: [AttemptKey] = [], center: any ThriftCaller, stored: Int64 = 256 << 20,
        rest: @escaping Rest = Resting.byClock, logger: Logger
    ) {
        self.rest = rest
        self.folder = CopyFolder(folder)
        leftovers = self.folder.keys()
        self.open = Set(open)
        self.center = TaskReportServiceClient(center)
        self.logger = logger
        var limits = OutputDesk.Limits()
        limits.stored = stored
        self.limits = limits
        (bell, ring) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// A worker is about to start.
    package func began(_ key: AttemptKey) {
        let isFirst = state.withLock { state in
            state.running[key] = .now
            defer { state.isArmed = true }
            return !state.isArmed
        }
        if isFirst { ring.yield() }
    }

    /// Someone reads the task's output now.
    package func follow(taskId: Int64) {
        state.withLock { state in
            for key in state.running.keys where key.taskId == taskId {
                state.running[key] = nil
                state.news.append(.follow(key))
            }
        }
        ring.yield()
    }

    /// The worker ended; `wrote` says what it wrote when there is a copy of it.
    package func ended(_ key: AttemptKey, wrote: OutputCounts?) {
        let isNews = state.withLock { state in
            // Short and quiet: nobody has looked at it yet.
            if state.running.removeValue(forKey: key) != nil, wrote == nil { return false }
            state.news.append(.ended(key, wrote: wrote))
            return true
        }
        if isNews { ring.yield() }
    }

    /// Bytes of both outputs in the copy of an attempt whose end nobody knows; nil without a copy.
    func copied(_ key: AttemptKey) -> Int64? {
        guard let file = folder.open(key) else { return nil }
        return file.place(of: .max, from: CopyPlace()).offset
    }

    /// Writes into the copy of an attempt that it has ended, so that a later life of this process can finish it.
    func close(_ key: AttemptKey, wrote counts: OutputCounts) {
        do throws(ElvesError) { try folder.close(key, wrote: counts) } catch {
            // Only a later life would miss it.
            logger.debug("copy not closed", metadata: ["attempt": "\(key.marker)", "error": "\(error)"])
        }
    }

    package func run() async throws {
        do throws(ElvesError) { try folder.prepare() } catch {
            logger.error("no place for copies of output", metadata: ["error": "\(error)"])
        }
        await cancelWhenGracefulShutdown { await self.feed() }
    }

    private func feed() async {
        var desk = OutputDesk(folder, limits: limits)
        desk.recover(leftovers, open: open, at: .now)
        var alarm: ContinuousClock.Instant?
        await withDiscardingTaskGroup { group in
            ring.yield()
            for await _ in bell {
                let now = ContinuousClock.now
                if let due = alarm, due <= now { alarm = nil }
                let nextStart = take(into: &desk, at: now)
                for sending in desk.sendings(at: now) {
                    // They leave in their order: a later one that overtakes an earlier one would be a gap.
                    group.addImmediateTask { await self.send(sending) }
                }
                guard let next = [nextStart, desk.wake(after: now)].compactMap({ $0 }).min(),
                    alarm.map({ next < $0 }) ?? true
                else { continue }
                alarm = next
                group.addTask {
                    // A sleep may end a hair before its time by this clock: an alarm that rings early is not heard.
                    repeat {
                        await self.rest(next - .now)
                        if Task.isCancelled { return }
                    } while ContinuousClock.now < next
                    self.ring.yield()
                }
            }
            group.cancelAll()
        }
    }

    /// Gives the desk the news, and the workers that have run for long enough; answers when the next has.
    private func take(into desk: inout OutputDesk, at now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        let (news, next) = state.withLock { state in
            var news = state.news
            state.news = []
            for (key, start) in state.running where start + Self.patience <= now {
                state.running[key] = nil
                news.append(.follow(key))
            }
            let next = state.running.values.min()
            state.isArmed = next != nil
            return (news, next.map { $0 + Self.patience })
        }
        for piece in news {
            switch piece {
            case .follow(let key): desk.follow(key)
            case .ended(let key, let wrote): desk.ended(key, wrote: wrote, at: now)
            case .landed(let sending, let outcome): desk.landed(sending, outcome, at: now)
            }
        }
        return next
    }

    private func send(_ sending: OutputTrail.Sending) async {
        let outcome = await OutputDesk.Outcome(of: sending.chunk, to: center)
        switch outcome {
        case .answered: break
        case .unknown, .refused:
            logger.debug("output not sent", metadata: ["attempt": "\(sending.key.marker)", "outcome": "\(outcome)"])
        }
        state.withLock { $0.news.append(.landed(sending, outcome)) }
        ring.yield()
    }
}

extension OutputDesk.Outcome {
    /// Sends a chunk.
    init(of chunk: OutputChunk, to center: TaskReportServiceClient) async {
        do {
            let options = CallOptions(timeout: OutputFeeder.answerPatience)
            self = .answered(try await center.output(chunk: chunk, options: options))
        } catch {
            self = CenterTrouble.isPassing(error) ? .unknown : .refused(CenterTrouble.text(error))
        }
    }
}

/// What a call to the center failed by.
enum CenterTrouble {
    /// Whether the same call may succeed later.
    static func isPassing(_ error: any Error) -> Bool {
        switch error {
        case let fault as Fault: fault.retryable
        case let error as ThriftError:
            switch error.code {
            case .notConnected, .connectionLost, .deadlineExceeded, .overloaded, .cancelled: true
            default: false
            }
        // This process stops: the center has said nothing.
        case is CancellationError: true
        default: false
        }
    }

    /// What was wrong, in words.
    static func text(_ error: any Error) -> String {
        switch error {
        case let fault as Fault: "\(fault.message) [\(fault.code)]"
        case let error as ThriftError: error.message
        default: "\(error)"
        }
    }
}
