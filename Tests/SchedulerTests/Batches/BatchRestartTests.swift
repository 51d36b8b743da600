import ElvesCore
import Synchronization
import TestSupport
import Testing

@testable import Scheduler

/// Batches over restarts and deaths of the scheduler.
@Suite struct BatchRestartTests {
    /// Machines that outlive the scheduler: they remember what they ran.
    private final class Machines: Sendable {
        private struct State {
            var runs: [ElvesID: Int] = [:]
            var ended: Set<ElvesID> = []
            var open: [(AttemptName, @Sendable (AttemptEnd) -> Void)] = []
        }

        private let state = Mutex(State())
        /// Whether a worker ends only when it is told to.
        let holds: Bool

        init(holds: Bool = false) { self.holds = holds }

        /// How often each task was run.
        var runs: [ElvesID: Int] { state.withLock { $0.runs } }
        var openCount: Int { state.withLock { $0.open.count } }

        /// Workers end, for whoever asks.
        func endAll() {
            let open = state.withLock { state in
                defer { state.open = [] }
                for (name, _) in state.open { state.ended.insert(name.task) }
                return state.open
            }
            for (name, ended) in open { ended(.reported(.success(name))) }
        }

        func link(_ number: Int64) -> FakeTaskLink {
            FakeTaskLink(
                number, { self.answer($0.name, starts: true, $1) },
                resume: { self.answer($0, starts: false, $1) })
        }

        private func answer(_ name: AttemptName, starts: Bool, _ ended: @escaping @Sendable (AttemptEnd) -> Void) {
            let end: AttemptEnd? = state.withLock { state in
                if state.ended.contains(name.task) { return .reported(.success(name)) }
                if state.runs[name.task] == nil {
                    guard starts else { return .refused(code: "agent.attempt.unknown", message: "never") }
                    state.runs[name.task] = 1
                    if !holds {
                        state.ended.insert(name.task)
                        return .reported(.success(name))
                    }
                }
                state.open.append((name, ended))
                return nil
            }
            if let end { ended(end) }
        }
    }

    private func connect(_ service: SchedulerService, _ agents: ClosedRange<Int64>, _ machines: Machines) async throws {
        for agent in agents { _ = try await service.connect(machines.link(agent)) }
    }

    private func everyEnd(_ service: SchedulerService, _ id: ElvesID, after: Int64 = 0) async throws -> [Execution] {
        var all: [Execution] = []
        var after = after
        while true {
            let ends = try await service.batchEnds(id, after: after, limit: 9, waitMs: 0)
            all += ends.executions
            guard !ends.done, ends.nextAfter > after else { return all }
            after = ends.nextAfter
        }
    }

    private func expectAllRanOnce(
        _ service: SchedulerService, _ id: ElvesID, _ machines: Machines, total: Int
    ) async throws {
        let ended = try await service.batch(id, waitMs: 10_000)
        #expect(ended.states == [.succeeded: total] && ended.endedAt > 0)
        #expect(machines.runs.count == total && machines.runs.values.allSatisfy { $0 == 1 })
        let ends = try await everyEnd(service, id)
        #expect(ends.count == total && Set(ends.map(\.id)).count == total)
        try await eventually("all is written") { service.batches[id] == nil }
        #expect(try await service.batch(id, waitMs: 0).states == [.succeeded: total])
        #expect(Set(try await everyEnd(service, id).map(\.id)).count == total)
    }

    @Test(arguments: StoreKind.allCases) func goesOnThatHadNotBegun(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            let machines = Machines()
            // Its loops never run: nothing starts.
            let id = try await SchedulerService.serving(store).createBatch(.test(1...30, concurrency: 4)).id
            let service = try await SchedulerService.serving(store, generator: 2)
            try await service.whileRunning { () async throws in
                #expect(try await service.batch(id, waitMs: 0).states == [.created: 30])
                try await connect(service, 1...30, machines)
                try await expectAllRanOnce(service, id, machines, total: 30)
            }
        }
    }

    /// Killed when some have ended, some run and some have not started; nothing of its last moments was written.
    @Test(arguments: [0, 3, 9]) func goesOnAfterTheSchedulerWasKilled(recorded: Int) async throws {
        let store = FaultyStore()
        let machines = Machines(holds: true)
        let first = try await SchedulerService.serving(store)
        try await connect(first, 1...30, machines)
        let id = try await first.whileRunning { () async throws in
            let id = try await first.createBatch(.test(1...30, concurrency: 3)).id
            for done in 0..<3 {
                if done * 3 == recorded { store.fails = true }
                try await eventually("three run") { machines.openCount == 3 }
                machines.endAll()
                if done * 3 < recorded {
                    try await eventually("they are written") {
                        try await store.progress(of: id).states[.succeeded] == done * 3 + 3
                    }
                }
            }
            try await eventually("three run") { machines.openCount == 3 }
            store.fails = true
            return id
        }
        let cursor = Int64(9)
        store.fails = false
        let second = try await SchedulerService.serving(store, generator: 2)
        try await second.whileRunning { () async throws in
            let counts = try await second.batch(id, waitMs: 0).states
            #expect(counts.values.reduce(0, +) == 30 && counts[.succeeded] == (recorded > 0 ? recorded : nil))
            try await connect(second, 1...30, machines)
            try await eventually("all have run") {
                machines.endAll()
                return try await second.batch(id, waitMs: 0).endedAt > 0
            }
            try await expectAllRanOnce(second, id, machines, total: 30)
            // Whoever had read nine ends misses none of the others.
            let seenBefore = Set(try await everyEnd(second, id).prefix(recorded).map(\.id))
            let rest = try await everyEnd(second, id, after: cursor)
            #expect(seenBefore.union(rest.map(\.id)).count == 30)
        }
        #expect(second.dispatcher.inFlight == 0)
    }

    @Test(arguments: StoreKind.allCases) func goesOnAfterTheSchedulerWasStopped(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            let machines = Machines(holds: true)
            let first = try await SchedulerService.serving(store)
            try await connect(first, 1...20, machines)
            let id = try await first.whileRunning { () async throws in
                let id = try await first.createBatch(.test(1...20, concurrency: 5)).id
                try await eventually("five run") { machines.openCount == 5 }
                machines.endAll()
                try await eventually("five run") { machines.openCount == 5 }
                return id
            }
            let second = try await SchedulerService.serving(store, generator: 2)
            try await second.whileRunning { () async throws in
                try await eventually("those that had ended are known") {
                    try await second.batch(id, waitMs: 0).states[.succeeded] == 5
                }
                try await connect(second, 1...20, machines)
                try await eventually("all have run") {
                    machines.endAll()
                    return try await second.batch(id, waitMs: 0).endedAt > 0
                }
                try await expectAllRanOnce(second, id, machines, total: 20)
            }
        }
    }

    @Test(arguments: StoreKind.allCases) func staysStopped(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            var record = Batch(
                id: .test(100), call: FunctionCall(app: "a", function: "f"), total: 6, concurrency: 2, generation: 1,
                caller: "k", trace: "", createdAt: 1_800_000_000_000)
            record.stopReason = StopReason.request("enough").text
            let tasks = (Int64(1)...6).map { PlannedTask(id: .test(100 + $0), target: TaskTarget(id: .test($0))) }
            _ = try await store.create(record, tasks: tasks, claim: nil)
            let machines = Machines()
            let service = try await SchedulerService.serving(store, generator: 2)
            try await service.whileRunning { () async throws in
                #expect(try await service.batch(.test(100), waitMs: 0).stopReason == "stopped by request: enough")
                // Whether an earlier process had sent them only their agents know.
                try await connect(service, 1...6, machines)
                #expect(try await service.batch(.test(100), waitMs: 5_000).states == [.cancelled: 6])
                #expect(machines.runs.isEmpty)
                let ends = try await everyEnd(service, .test(100))
                #expect(ends.allSatisfy { $0.outcome.code == "scheduler.batch.stopped" })
            }
        }
    }

    @Test func failuresOfTheLastProcessCount() async throws {
        let store = InMemorySchedulerStore()
        let first = try await SchedulerService.serving(store)
        let answers = Answers()
        for agent: Int64 in 1...10 { _ = try await first.connect(FakeTaskLink(agent, answers.behaviour)) }
        let id = try await first.whileRunning { () async throws in
            var order = BatchOrder.test(1...10, concurrency: 1)
            order.maxFailures = 1
            let id = try await first.createBatch(order).id
            try await eventually("one is out") { answers.count == 1 }
            answers.answerOne { .reported(.failure($0.name)) }
            try await eventually("the next is out") { answers.count == 1 }
            return id
        }
        let second = try await SchedulerService.serving(store, generator: 2)
        let machines = Machines()
        try await second.whileRunning { () async throws in
            for agent: Int64 in 1...10 {
                _ = try await second.connect(
                    FakeTaskLink(
                        agent, { attempt, ended in ended(.reported(.failure(attempt.name))) },
                        // The second one ran when the first process ended.
                        resume: { name, ended in
                            agent == 2
                                ? ended(.reported(.failure(name))) : FakeTaskLink.neverTook(name, ended)
                        }))
            }
            let ended = try await second.batch(id, waitMs: 5_000)
            #expect(ended.states == [.failed: 2, .cancelled: 8])
            #expect(ended.stopReason == "2 tasks ended badly; at most 1 may")
        }
        #expect(machines.runs.isEmpty)
    }

    @Test(arguments: StoreKind.allCases) func onlyItsOwnEndWasMissing(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            let record = Batch(
                id: .test(100), call: FunctionCall(app: "a", function: "f"), total: 1, concurrency: 1, generation: 1,
                caller: "k", trace: "", createdAt: 1_800_000_000_000)
            let target = TaskTarget(id: .test(1))
            _ = try await store.create(record, tasks: [PlannedTask(id: .test(101), target: target)], claim: nil)
            var end = Execution(
                id: .test(101), batchID: .test(100), call: record.call, target: target, state: .failed, createdAt: 5)
            end.endedAt = 6
            end.batchPlace = 1
            try await store.write([end], batches: [], .synced)
            let service = try await SchedulerService.serving(store, generator: 2)
            let batch = try await service.batch(.test(100), waitMs: 0)
            #expect(batch.endedAt > 0 && batch.states == [.failed: 1])
        }
    }

    /// Nobody comes back: their agents may have run them, so nothing better than `unknown` can be said.
    @Test func whoNeverComesBackIsUnknown() async throws {
        let store = InMemorySchedulerStore()
        let time = TestTime()
        let id = try await SchedulerService.serving(store, time: time.keeper).createBatch(.test(1...3)).id
        let service = try await SchedulerService.serving(store, time: time.keeper, generator: 2)
        try await service.whileRunning { () async throws in
            #expect(try await service.batch(id, waitMs: 0).states == [.created: 3])
            time.advance(ms: 61_000)
            try await eventually("they have ended") {
                try await service.batch(id, waitMs: 0).states == [.unknown: 3]
            }
        }
    }

    /// What has no record counts as never begun.
    @Test(arguments: StoreKind.allCases) func whatRetentionLeavesOfAnOpenBatchIsNotSentAgain(
        _ kind: StoreKind
    ) async throws {
        try await kind.with { store async throws in
            let time = TestTime()
            let first = try await SchedulerService.serving(store, time: time.keeper) { $0.retentionCount = 0 }
            for number: Int64 in 1...2 { _ = try await first.connect(FakeTaskLink(number)) }
            _ = try await first.connect(FakeTaskLink(3, FakeTaskLink.keepsQuiet))
            let id = try await first.createBatch(.test(1...3)).id
            await first.dispatchAll()
            await first.writeAll()
            time.advance(ms: 30 * 86_400_000)
            await first.retain()
            let next = try await SchedulerService.serving(store, time: time.keeper, generator: 2)
            let links = (1...3).map { FakeTaskLink(Int64($0), resume: FakeTaskLink.hasSucceeded) }
            for link in links { _ = try await next.connect(link) }
            await next.dispatchAll()
            await next.writeAll()
            #expect(links.allSatisfy { $0.attempts.isEmpty } && links.map(\.resumed.count) == [0, 0, 1])
            #expect(try await next.batch(id, waitMs: 0).states == [.succeeded: 3])
            #expect(try await next.batchEnds(id, after: 0, limit: 9, waitMs: 0).executions.count == 3)
            // From its end on they are like others.
            await next.retain()
            #expect(try await store.batchEnds(id, after: 0, limit: 9).map(\.target.id) == [.test(3)])
            await first.retain()
            #expect(try await store.batchEnds(id, after: 0, limit: 9).isEmpty)
        }
    }
}
