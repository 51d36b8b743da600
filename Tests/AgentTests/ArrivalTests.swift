import ElvesContracts
import ElvesCore
import Logging
import Runner
import Synchronization
import TestSupport
import Testing
import Thrift
import ThriftInProcess

@testable import Agent

/// A heartbeat that answers each beat with what the test put there.
private final class ScriptedHeartbeat: HeartbeatServiceHandler {
    private let state = Mutex((desired: DesiredState?.none, beats: 0))

    var beats: Int { state.withLock { $0.beats } }
    func desire(_ desired: DesiredState) { state.withLock { $0.desired = desired } }

    func beat(beat: Beat, context: CallContext) async throws -> BeatReply {
        state.withLock { state in
            state.beats += 1
            let isNews = state.desired.map { $0.generation != beat.desiredGeneration } ?? false
            return BeatReply(intervalMs: 60_000, desired: isNews ? state.desired : nil)
        }
    }

    func fetchFile(digest: [UInt8], offset: Int64, length: Int32, context: CallContext) async throws -> [UInt8] { [] }
    func resolve(targets: String, exclude: String, context: CallContext) async throws -> Resolution { Resolution() }
    func agents(targets: String, after: Int64, limit: Int32, context: CallContext) async throws -> AgentPage {
        AgentPage()
    }
    func agent(ref: String, context: CallContext) async throws -> AgentInfo { AgentInfo() }
}

/// Apps that are bound, but not here yet.
@Suite struct ArrivalTests {
    private let heartbeat = ScriptedHeartbeat()
    private let package = Package(
        "late", entry: ["sh", "worker.sh"], functions: ["greet"], ["worker.sh": "printf '\"hello\"' >&3\n"])

    /// A bench whose beats go to the heartbeat, while the body runs.
    private func beating(
        fetch: @escaping Installer.Fetch, _ body: (Bench) async throws -> Void
    ) async throws {
        let refresh = Refresh()
        let bench = try await Bench([], bring: { await refresh.bring(within: $0) })
        let caller = InProcessCaller(
            ThriftRouter([HeartbeatServiceProcessor(heartbeat)]),
            as: PeerIdentity(role: "agent", instance: "0000000000000001", ip: "127.0.0.1"))
        let installer = Installer(folder: bench.folder.agent, shelf: bench.parts.shelf, fetch: fetch)
        let beats = Beats(
            heartbeat: caller, installer: installer, shelf: bench.parts.shelf, history: bench.parts.history,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, describe: { Beat() })
        refresh.aim(at: beats)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await beats.run() }
            #expect(try await eventually { heartbeat.beats == 1 })
            try await body(bench)
            group.cancelAll()
        }
        await bench.stop()
    }

    @Test func aCallWaitsForAnAppThatWasBoundAMomentAgo() async throws {
        try await beating(fetch: package.fetch) { bench async throws in
            heartbeat.desire(DesiredState(generation: 2, apps: [package.desired]))
            // The next beat by itself is a minute away.
            let result = try await bench.run("greet", app: "late")
            #expect(result.state == .succeeded && result.result == "\"hello\"")
        }
    }

    @Test func newsThatComeAMomentLaterAreWaitedForToo() async throws {
        try await beating(fetch: package.fetch) { bench async throws in
            async let result = bench.run("greet", app: "late")
            #expect(try await eventually { heartbeat.beats == 2 })
            heartbeat.desire(DesiredState(generation: 2, apps: [package.desired]))
            #expect(try await result.state == .succeeded)
        }
    }

    @Test func anAppThatIsNotBoundIsRefusedWithoutAStormOfBeats() async throws {
        try await beating(fetch: package.fetch) { bench async throws in
            let results = try await withThrowingTaskGroup(of: TaskResult.self) { group in
                for _ in 0..<40 { group.addTask { try await bench.run("greet", app: "late") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.allSatisfy { $0.state == .failed && $0.code == "agent.app.notInstalled" })
            #expect(results.allSatisfy { $0.message == "app [late] not install !" })
            #expect((2...6).contains(heartbeat.beats), "\(heartbeat.beats) beats")
        }
    }

    @Test func anInstallationThatTakesLongerMakesTheCallOneToRepeat() async throws {
        let gate = Mutex(false)
        let fetch: Installer.Fetch = { [package] digest, offset, length in
            _ = try await eventually { gate.withLock { $0 } }
            return try await package.fetch(digest, offset, length)
        }
        try await beating(fetch: fetch) { bench async throws in
            heartbeat.desire(DesiredState(generation: 2, apps: [package.desired]))
            let result = try await bench.run("greet", app: "late", startByMs: 200)
            #expect(result.state == .rejected && result.code == "agent.app.installing")
            #expect(ErrorCode.find(result.code)?.isRetryable == true)
            gate.withLock { $0 = true }
            #expect(try await bench.run("greet", app: "late").state == .succeeded)
        }
    }
}

@Suite struct AdmissionTests {
    private func run(startByMs: Int64, receivedAgo: Duration = .zero) -> TaskRun {
        TaskRun(RunTask(taskId: freshTask(), attempt: 1, startByMs: startByMs), at: .now - receivedAgo, ms: 0)
    }

    /// The time may be called before the task has sat down to wait.
    @Test(.timeLimit(.minutes(1))) func aTaskWhoseTimePassesOnTheWayInDoesNotWait() async throws {
        let admission = AdmissionHook(running: 1, waiting: 10)
        var first = run(startByMs: 0)
        try await admission.prepare(&first)
        for _ in 0..<500 {
            var late = run(startByMs: 1, receivedAgo: .microseconds(Int.random(in: 900...1_100)))
            let error = await #expect(throws: ElvesError.self) { try await admission.prepare(&late) }
            #expect(error?.code == .agentAttemptExpired)
        }
        await admission.settle(&first)
        #expect(admission.runningCount == 0)
    }
}
