import ElvesCLI
import Synchronization
import Testing

/// Processes that exist in a table only. The test says when they end.
final class FakeProcesses: ProcessLauncher {
    struct State {
        var nextPid: Int32 = 100
        var names: [Int32: String] = [:]
        var ended: [(pid: Int32, end: ProcessEnd)] = []
        var launches: [String] = []
        var signals: [String] = []
        var stubborn: Set<String> = []
        var leftovers: [Int32] = []
    }

    let state = Mutex(State())

    func launch(_ spec: ProcessSpec, streams: ProcessStreams) throws(LaunchProblem) -> Int32 {
        state.withLock { state in
            state.nextPid += 1
            state.names[state.nextPid] = spec.name
            state.launches.append(spec.name)
            return state.nextPid
        }
    }

    func signal(_ pid: Int32, _ number: Int32) {
        state.withLock { state in
            let name = state.names[pid] ?? "leftover"
            state.signals.append("\(number) \(name)")
            if number == 15 && state.stubborn.contains(name) { return }
            if state.names.removeValue(forKey: pid) != nil { state.ended.append((pid, .signal(number))) }
            if number == 9 { state.leftovers.removeAll { $0 == pid } }
        }
    }

    func reap() -> [(pid: Int32, end: ProcessEnd)] {
        state.withLock { state in
            defer { state.ended = [] }
            return state.ended
        }
    }

    func descendants() -> [Int32] { state.withLock { Array($0.names.keys) + $0.leftovers } }

    func end(_ name: String, _ end: ProcessEnd) {
        state.withLock { state in
            guard let pid = state.names.first(where: { $0.value == name })?.key else { return }
            state.names[pid] = nil
            state.ended.append((pid, end))
        }
    }

    func launches(of name: String) -> Int { state.withLock { $0.launches.count { $0 == name } } }
}

@Suite struct ProcessKeeperTests {
    private let processes = FakeProcesses()
    private let shouldStop = Flag()

    final class Flag: Sendable { let raised = Atomic(false) }

    private func keeper(_ names: [String], grace: Duration = .milliseconds(50)) -> ProcessKeeper {
        var policy = ProcessSupervision.Policy()
        policy.firstDelay = .milliseconds(1)
        policy.longestDelay = .milliseconds(2)
        policy.grace = grace
        let specs = names.map { ProcessSpec(name: $0, program: "/\($0)", arguments: []) }
        return ProcessKeeper(specs, logs: [:], launcher: processes, policy: policy, note: { _ in })
    }

    private func until(_ condition: () -> Bool) async {
        while !condition() { await Task.yield() }
    }

    @Test(.timeLimit(.minutes(1))) func restartsWhatDiesAndStopsAll() async throws {
        let keeper = keeper(["a", "b"])
        async let run: Void = keeper.run { [shouldStop] in shouldStop.raised.load(ordering: .relaxed) }
        await until { processes.launches(of: "b") == 1 }
        await keeper.becameReady()
        for count in 2...10 {
            processes.end("a", .signal(9))
            await until { processes.launches(of: "a") == count }
        }
        #expect(processes.launches(of: "b") == 1)
        shouldStop.raised.store(true, ordering: .relaxed)
        try await run
        #expect(processes.state.withLock { $0.signals.sorted() } == ["15 a", "15 b"])
        #expect(processes.descendants().isEmpty)
    }

    @Test(.timeLimit(.minutes(1))) func killsWhatIgnoresTermAndWhatWasLeftBehind() async throws {
        processes.state.withLock { state in
            state.stubborn = ["a"]
            state.leftovers = [7]
        }
        let keeper = keeper(["a"])
        async let run: Void = keeper.run { [shouldStop] in shouldStop.raised.load(ordering: .relaxed) }
        await until { processes.launches(of: "a") == 1 }
        shouldStop.raised.store(true, ordering: .relaxed)
        try await run
        #expect(processes.state.withLock { Array($0.signals.prefix(3)) } == ["15 a", "9 a", "15 leftover"])
        #expect(processes.state.withLock { $0.signals.last } == "9 leftover")
        #expect(processes.descendants().isEmpty)
    }

    @Test(.timeLimit(.minutes(1))) func givesUpWithTheReason() async throws {
        let keeper = keeper(["a", "b"])
        async let run: Void = keeper.run { false }
        for count in 1...5 {
            await until { processes.launches(of: "a") == count }
            processes.end("a", .exit(78))
        }
        do {
            try await run
            Issue.record("the keeper ended without a word")
        } catch let failure as Failure {
            #expect(failure.detail == "a does not start: it keeps ending (exit code 78)")
        }
        #expect(processes.descendants().isEmpty)
    }
}
