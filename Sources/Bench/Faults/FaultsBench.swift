internal import ElvesClient
internal import ElvesContracts
internal import ElvesCore
internal import Foundation
internal import Synchronization
internal import Thrift
internal import ThriftNIO

/// Runs tasks of every kind while everything fails, and then has all that was written down compared.
struct FaultsBench {
    let seed: UInt64
    let tasks: Int
    let agents: Int
    let callers: Int
    /// No more is asked for after this.
    let limit: Duration
    let wishes: FaultPlan.Means
    /// Where what was found is kept when promises were broken.
    let keep: Bool

    /// What a run came to.
    struct Report {
        var lines: [String] = []
        var violations: [Violation] = []
        /// Why the run proves too little.
        var shortfalls: [String] = []
    }

    func run() async throws -> Report {
        let center = try await FaultCenter(agents: agents, wishes: wishes)
        do {
            let report = try await run(center)
            if keep, !report.violations.isEmpty || !report.shortfalls.isEmpty {
                print("kept: \(center.root)")
            } else {
                await center.stop()
            }
            return report
        } catch {
            await center.stop()
            throw error
        }
    }

    private func run(_ center: FaultCenter) async throws -> Report {
        let direct = try center.client(as: "openapi")
        let asQueue = try center.client(as: "queue")
        let load = FaultLoad(center, direct: direct, asQueue: asQueue, limit: tasks)
        let ends = EndReader(results: asQueue, events: direct)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await direct.run() }
            group.addTask { await asQueue.run() }
            group.addTask { await center.run() }
            group.addTask { await ends.run() }
            defer { group.cancelAll() }
            try await ready(center, SchedulerServiceClient(direct))
            print(
                "seed \(seed): \(agents) agents, \(callers) callers; full disks \(center.means.disks ? "on" : "off"), "
                    + "clock steps \(center.means.clock ? "on" : "off")")
            let start = ContinuousClock.now
            let (done, dealt) = await suffer(center, load)
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            await center.heal()
            let (settled, isSettled) = try await settle(center, SchedulerServiceClient(direct), ends, load)
            let ledger = load.ledger
            let evidence = try await evidence(center, SchedulerServiceClient(direct), ledger, ends)
            let floors = FaultFloors(
                wanted: tasks, asked: ledger.asked,
                acknowledged: ledger.acknowledged.count + ledger.batches.values.reduce(0, +),
                succeeded: evidence.records.count { $0.state == .succeeded },
                begun: evidence.marks.count { $0.kind == .begin }, faults: done, dealt: dealt,
                seconds: Int(seconds), isSettled: isSettled)
            var report = Report(violations: FaultChecker(evidence).violations, shortfalls: floors.shortfalls)
            report.lines = [
                "asked for \(ledger.asked) tasks in \(Int(seconds)) s, "
                    + (isSettled ? "settled after \(settled) s more" : "not settled after \(settled) s more"),
                "faults: " + Self.words(done),
            ]
            report.lines += lines(evidence, ledger) + [floors.text]
            return report
        }
    }

    /// Until every agent can be reached and has the app, and the REST API answers.
    private func ready(_ center: FaultCenter, _ scheduler: SchedulerServiceClient) async throws {
        let rest = ElvesCenter(url: center.folder.url, credentials: .token(center.folder.token))
        let deadline = ContinuousClock.now + .seconds(60)
        while (try? await rest.isReady()) != true {
            guard ContinuousClock.now < deadline else { throw BenchFailure("the REST API does not answer") }
            try await Task.sleep(for: .milliseconds(200))
        }
        for agent in center.agents {
            let deadline = ContinuousClock.now + .seconds(60)
            while true {
                let request = ExecuteRequest(
                    app: FaultApp.name, func: "mark", agentId: agent.id, ip: agent.ip, startByMs: 20_000)
                let record = try? await scheduler.execute(
                    request: request, waitMs: 20_000, options: CallOptions(timeout: .seconds(30)))
                if record?.state == .succeeded { break }
                guard ContinuousClock.now < deadline else {
                    throw BenchFailure("agent \(agent.name) does not answer: \(record?.message ?? "no record")")
                }
                try await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    /// Load and faults side by side; answers how often each kind of fault struck, and which were dealt
    /// twice or more: the last one may come too late.
    private func suffer(
        _ center: FaultCenter, _ load: FaultLoad
    ) async -> (struck: [String: Int], dealt: Set<String>) {
        let counts = FaultCounts()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await withTaskGroup(of: Void.self) { calls in
                    for caller in 0..<callers {
                        calls.addTask { await load.call(seed: seed &* 1_000_003 &+ UInt64(caller)) }
                    }
                }
            }
            group.addTask {
                try? await Task.sleep(for: limit)
                load.end()
            }
            group.addTask {
                var plan = FaultPlan(seed: seed, agents: agents, means: center.means)
                await withTaskGroup(of: Void.self) { faults in
                    while !Task.isCancelled, !load.isSpent {
                        let step = plan.next()
                        guard (try? await Task.sleep(for: .milliseconds(step.afterMs))) != nil else { break }
                        let number = counts.deal(step.fault)
                        faults.addTask { await strike(center, step.fault, seed: seed &+ number, counts) }
                    }
                    await faults.waitForAll()
                }
            }
            // The load decides when it is over.
            await group.next()
            load.end()
            group.cancelAll()
        }
        return (counts.struck, counts.dealt)
    }

    /// Who is not there, an agent that is being started for one, is looked for again a few times.
    private func strike(_ center: FaultCenter, _ fault: FaultPlan.Fault, seed: UInt64, _ counts: FaultCounts) async {
        for _ in 0..<5 {
            if await center.suffer(fault, seed: seed) { return counts.add(fault) }
            guard (try? await Task.sleep(for: .milliseconds(300))) != nil else { return }
        }
    }

    /// Waits until nothing is under way any more; answers after how many seconds, and whether it came to that.
    private func settle(
        _ center: FaultCenter, _ scheduler: SchedulerServiceClient, _ ends: EndReader, _ load: FaultLoad
    ) async throws -> (seconds: Int, isSettled: Bool) {
        let start = ContinuousClock.now
        let deadline = start + .seconds(240)
        let open = TaskQuery(states: [.created, .dispatched, .running], limit: 1000)
        var quiet = 0
        while quiet < 3, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(700))
            let page = try? await scheduler.tasks(query: open, options: CallOptions(timeout: .seconds(10)))
            let isQuiet = page.map { $0.tasks.isEmpty && $0.nextBefore == 0 } ?? false
            let delivered = ends.owned
            let isDelivered = load.ledger.owned.allSatisfy { delivered.contains($0) }
            let isHeard = isQuiet && isDelivered && ends.isCaughtUp
            let isRecorded = isHeard ? try await journals(center).allSatisfy(\.recorded) : false
            quiet = isRecorded ? quiet + 1 : 0
        }
        return (Int((ContinuousClock.now - start) / .seconds(1)), quiet == 3)
    }

    private func journals(_ center: FaultCenter) async throws -> [Evidence.Entry] {
        var entries: [Evidence.Entry] = []
        for agent in center.agents { entries += try await agent.journal() }
        return entries
    }

    private func evidence(
        _ center: FaultCenter, _ scheduler: SchedulerServiceClient, _ ledger: FaultLoad.Ledger, _ ends: EndReader
    ) async throws -> Evidence {
        var evidence = Evidence()
        evidence.acknowledged = ledger.acknowledged
        evidence.owned = ledger.owned
        evidence.told = ledger.told
        evidence.batches = Dictionary(
            uniqueKeysWithValues: ledger.batches.map { (Hex.encode(UInt64(bitPattern: $0.key)), $0.value) })
        evidence.records = try await records(scheduler)
        evidence.entries = try await journals(center)
        evidence.marks = try FaultApp.marks(in: center.root, agents: center.agents)
        (evidence.results, evidence.events) = ends.all
        evidence.leftovers = center.workers()
        return evidence
    }

    private func lines(_ evidence: Evidence, _ ledger: FaultLoad.Ledger) -> [String] {
        let states = Dictionary(grouping: evidence.records, by: \.state.name).mapValues(\.count)
        return [
            "records: \(evidence.records.count), of them " + Self.words(states),
            "acknowledged: \(ledger.acknowledged.count) and \(ledger.batches.count) batches; "
                + "results read by their owner: \(evidence.results.count); task.ended events: \(evidence.events.count); "
                + "ends told: \(evidence.told.count)",
            "workers' marks: \(evidence.marks.count); journal entries: \(evidence.entries.count)",
            "unknown because: "
                + Self.words(
                    Dictionary(grouping: evidence.records.filter { $0.state == .unknown }, by: \.code)
                        .mapValues(\.count)),
            "not taken: " + Self.words(ledger.refused),
        ]
    }

    private func records(_ scheduler: SchedulerServiceClient) async throws -> [Evidence.Record] {
        var records: [Evidence.Record] = []
        var query = TaskQuery(limit: 1000)
        while true {
            let page = try await scheduler.tasks(query: query, options: CallOptions(timeout: .seconds(30)))
            for task in page.tasks {
                records.append(
                    Evidence.Record(
                        task: Hex.encode(UInt64(bitPattern: task.id)),
                        state: ElvesCore.TaskState(rawValue: task.state.rawValue) ?? .unknown,
                        attempt: Int(task.attempt), agent: Hex.encode(UInt64(bitPattern: task.agentId)),
                        code: task.code, batch: task.batchId == 0 ? "" : Hex.encode(UInt64(bitPattern: task.batchId))))
            }
            guard page.nextBefore != 0 else { return records }
            query.before = page.nextBefore
        }
    }

    private static func words(_ counts: [String: Int]) -> String {
        counts.isEmpty
            ? "none" : counts.sorted { $0.value > $1.value }.map { "\($0.value) × \($0.key)" }.joined(separator: ", ")
    }
}

/// How often each kind of fault was dealt, and how often it struck.
private final class FaultCounts: Sendable {
    private let counts = Mutex((dealt: [String: Int](), struck: [String: Int]()))

    var struck: [String: Int] { counts.withLock { $0.struck } }
    var dealt: Set<String> { counts.withLock { Set($0.dealt.filter { $0.value > 1 }.keys) } }

    /// Answers how many were dealt before.
    func deal(_ fault: FaultPlan.Fault) -> UInt64 {
        counts.withLock { counts in
            defer { counts.dealt[fault.kind, default: 0] += 1 }
            return UInt64(counts.dealt.values.reduce(0, +))
        }
    }

    func add(_ fault: FaultPlan.Fault) { counts.withLock { $0.struck[fault.kind, default: 0] += 1 } }
}
