package import ElvesContracts
internal import ElvesCore
package import Logging
internal import ServiceLifecycle
internal import Synchronization
package import Thrift

/// Tells heartbeat how this agent is, and brings its apps to the state that heartbeat answers.
package final class Beats: Service {
    /// Longest pause, and the pause after a beat that failed.
    private static let longest: Int64 = 60_000
    private static let retryPause: Int64 = 2_000

    private struct State {
        var generation: Int64 = 0
        var stateCount: Int64 = 0
        var wake: CheckedContinuation<Void, Never>?
        var isAsked = false
        var lastContact: ContinuousClock.Instant?
    }

    private let heartbeat: HeartbeatServiceClient
    private let installer: Installer
    private let shelf: AppShelf
    private let history: HistoryHook
    private let describe: @Sendable () -> Beat
    private let logger: Logger
    private let state = Mutex(State())
    private let rounds = BeatRounds()

    /// `describe` fills everything of a beat but apps and generation.
    package init(
        heartbeat: any ThriftCaller, installer: Installer, shelf: AppShelf, history: HistoryHook, logger: Logger,
        describe: @escaping @Sendable () -> Beat
    ) {
        self.heartbeat = HeartbeatServiceClient(heartbeat)
        self.installer = installer
        self.shelf = shelf
        self.history = history
        self.describe = describe
        self.logger = logger
    }

    /// When heartbeat last answered.
    package var lastContact: ContinuousClock.Instant? { state.withLock { $0.lastContact } }

    /// Desired states that were applied, or tried to be.
    package var stateCount: Int64 { state.withLock { $0.stateCount } }

    /// Beats now, or right after the beat that is under way.
    package func refresh() {
        let wake = state.withLock { state in
            state.isAsked = true
            defer { state.wake = nil }
            return state.wake
        }
        wake?.resume()
    }

    /// Beats now, a few times a second at most, and waits until what that beat brings is installed; false when
    /// `patience` ended first.
    package func bring(within patience: Duration) async -> Bool {
        await rounds.next(within: patience) { self.refresh() }
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let pause = await self.beat()
                await self.rest(pause)
            }
        }
    }

    /// One beat; answers with the milliseconds until the next.
    package func beat() async -> Int64 {
        var beat = describe()
        beat.apps = shelf.report
        beat.desiredGeneration = state.withLock { state in
            state.isAsked = false
            return state.generation
        }
        // After it took note of who asked: who asks from here on means the next.
        rounds.begin()
        defer { rounds.end() }
        do {
            let reply = try await heartbeat.beat(beat: beat)
            state.withLock { $0.lastContact = .now }
            guard let desired = reply.desired else { return min(max(reply.intervalMs, 100), Self.longest) }
            return await apply(desired) ? 0 : Self.retryPause
        } catch {
            logger.debug("no beat", metadata: ["error": "\(error)"])
            return Self.retryPause
        }
    }

    /// Whether the state was reached; if not it is asked for again.
    private func apply(_ desired: DesiredState) async -> Bool {
        let errors = await installer.apply(desired)
        state.withLock { $0.stateCount += 1 }
        for error in errors {
            history.note(error)
            logger.error("app not installed", metadata: ["error": "\(error)"])
        }
        let isDone = errors.isEmpty
        if isDone { state.withLock { $0.generation = desired.generation } }
        logger.info("desired state", metadata: ["generation": "\(desired.generation)", "reached": "\(isDone)"])
        return isDone
    }

    private func rest(_ milliseconds: Int64) async {
        guard milliseconds > 0 else { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await Task.sleep(for: .milliseconds(milliseconds)) }
            group.addTask { await self.waitForRefresh() }
            await group.next()
            self.refreshWaiterLeaves()
            group.cancelAll()
        }
    }

    private func waitForRefresh() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { wake in
                let isNow = state.withLock { state in
                    if state.isAsked || Task.isCancelled { return true }
                    state.wake = wake
                    return false
                }
                if isNow { wake.resume() }
            }
        } onCancel: {
            refreshWaiterLeaves()
        }
    }

    private func refreshWaiterLeaves() {
        let wake = state.withLock { state in
            defer { state.wake = nil }
            return state.wake
        }
        wake?.resume()
    }
}
