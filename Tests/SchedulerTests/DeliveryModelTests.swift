import AgentLinks
import ElvesCore
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Scheduler

/// Random connects, losses, duplicates, late results, failing stores, power losses and restarts, against what must
/// hold whatever happens.
@Suite struct DeliveryModelTests {
    /// `ELVES_SEEDS=5000` tries that many, for who changes how tasks are sent.
    static let seeds = 1...(ProcessInfo.processInfo.environment["ELVES_SEEDS"].flatMap(UInt64.init) ?? 150)

    @Test(arguments: seeds) func nothingIsLostAndNothingTwice(_ seed: UInt64) async throws {
        try await DeliveryModel(seed, over: InMemorySchedulerStore()).run(steps: 250)
    }

    @Test(arguments: 1001...1006 as ClosedRange<UInt64>) func overAFile(_ seed: UInt64) async throws {
        try await StoreKind.sqlite.with { store async throws in
            try await DeliveryModel(seed, over: store).run(steps: 150)
        }
    }
}

/// Plays a scheduler, its restarts, and three agents.
private final class DeliveryModel {
    private let seed: UInt64
    private var random: SeededRandom
    private let store: FaultyStore
    private let time = TestTime()
    private let agents: [ModelAgent]
    private var service: SchedulerService
    private var links: [(link: ModelLink, channel: AgentChannel)] = []
    private var generator: UInt16 = 1
    /// Tasks whose caller was told that they are accepted, and whether durably.
    private var accepted: [ElvesID: Bool] = [:]
    private var violations: [String] = []

    init(_ seed: UInt64, over inner: any SchedulerStore) async throws {
        self.seed = seed
        random = SeededRandom(seed)
        let store = FaultyStore(inner)
        self.store = store
        agents = (1...3).map { number in
            ModelAgent(Int64(number)) { Self.problem(ofTelling: $0, store) }
        }
        service = try await Self.process(over: store, time, generator: 1)
    }

    private static func process(
        over store: FaultyStore, _ time: TestTime, generator: UInt16
    ) async throws -> SchedulerService {
        try await SchedulerService.serving(store, time: time.keeper, generator: generator) {
            $0.tasksInFlightPerAgent = 4
            $0.writeBatch = 7
        }
    }

    /// Whether the store holds what the agent is told to be recorded.
    private static func problem(ofTelling name: AttemptName, _ store: FaultyStore) -> String? {
        let commits = store.commits.filter { commit in commit.executions.contains { $0.id == name.task } }
        let holds = commits.contains { commit in
            commit.executions.contains { record in
                record.id == name.task && (record.state.isEnd || record.attempt > name.number)
                    && (!record.isDurable || commit.durability == .synced)
            }
        }
        return holds ? nil : "no commit of \(commits.count) holds it"
    }

    func run(steps: Int) async throws {
        for _ in 0..<steps { try await step() }
        try await settle()
        try await check()
        violations += agents.flatMap { $0.state.withLock { $0.violations } }
        #expect(violations.isEmpty, "seed \(seed)")
    }

    // MARK: Steps

    private func step() async throws {
        switch random.below(100) {
        case ..<22: try await execute()
        case ..<36: try await connect()
        case ..<44: cutOne()
        case ..<62: finishOne()
        case ..<68: try await report()
        case ..<72: duplicate()
        case ..<82: await write()
        case ..<86:
            time.advance(ms: Int64(random.below(random.chance(20) ? 90_000 : 2_000)))
            service.sweep()
        case ..<89: try await cancelOne()
        case ..<91: agents[random.below(3)].state.withLock { $0.losesNextCall = true }
        case ..<93: store.fails = random.chance(40)
        case ..<94: agents[random.below(3)].state.withLock { $0.isForgetful.toggle() }
        case ..<95: rebootOne()
        case ..<96: started()
        default: try await restart()
        }
    }

    private func execute() async throws {
        let durable = random.chance(60)
        let rule = random.chance(30) ? RetryRule(attempts: 3, firstDelayMs: 50, longestDelayMs: 400) : nil
        let order = ExecutionOrder.test(
            Int64(1 + random.below(3)), startByMs: random.chance(50) ? Int64(1 + random.below(120_000)) : 0,
            key: random.chance(10) ? "k\(random.below(8))" : "", durable: durable, retry: rule)
        do {
            let record = try await service.execute(order, waitMs: 0)
            accepted[record.id] = record.isDurable
        } catch {
            // Full, or the store fails, or a key is used twice: said, and nothing is promised.
            let known: [ErrorCode] = [
                .schedulerAgentOverloaded, .elvesStoreUnavailable, .schedulerIdempotencyConflict,
            ]
            if !known.contains(error.code) { violations.append("refused: \(error)") }
        }
    }

    private func connect() async throws {
        let link = ModelLink(agents[random.below(3)])
        guard let channel = try? await service.connect(link) else { return }
        links.append((link, channel))
    }

    private func cutOne() {
        guard !links.isEmpty else { return }
        let (link, channel) = links.remove(at: random.below(links.count))
        // The end of the calls and the end of the connection come in any order.
        if random.chance(50) {
            link.cut(tells: true)
            service.disconnect(channel)
        } else {
            service.disconnect(channel)
            link.cut(tells: true)
        }
    }

    private func finishOne() {
        let agent = agents[random.below(3)]
        guard let name = agent.running.randomElement(using: &random) else { return }
        agent.finish(name, random.chance(60) ? .succeeded : random.chance(50) ? .failed : .timedOut)
    }

    private func report() async throws {
        let agent = agents[random.below(3)]
        guard links.contains(where: { $0.link.agent == agent.identity }), !agent.kept.isEmpty else { return }
        do {
            agent.told(try await service.reported(agent.kept, by: agent.identity))
        } catch let error as ElvesError {
            if error.code != .schedulerRecordWaiting, error.code != .elvesStoreUnavailable {
                violations.append("report refused: \(error)")
            }
        }
    }

    /// A result that was delivered comes once more.
    private func duplicate() {
        let agent = agents[random.below(3)]
        guard let end = agent.kept.randomElement(using: &random), let task = service.live[end.task] else { return }
        service.take(end, of: task, as: end.name, from: agent.identity.id)
    }

    private func write() async {
        _ = await service.writer.writeSome()
        if random.chance(30) { await service.writeOpen() }
        if random.chance(50) { for (_, channel) in links { channel.flushRecorded() } }
    }

    private func cancelOne() async throws {
        guard let id = accepted.keys.sorted().randomElement(using: &random) else { return }
        _ = try? await service.cancel(id, kill: random.chance(60), reason: "request", waitMs: 0)
    }

    private func rebootOne() {
        let agent = agents[random.below(3)]
        for (link, channel) in links where link.agent == agent.identity {
            link.cut(tells: true)
            service.disconnect(channel)
        }
        links.removeAll { $0.link.agent == agent.identity }
        agent.reboot()
    }

    private func started() {
        let agent = agents[random.below(3)]
        service.started(agent.running, at: agent.identity)
    }

    /// kill -9, or a stop in order; then the next process over the same store.
    private func restart() async throws {
        if random.chance(40) { try await service.whileRunning {} }
        for (link, _) in links { link.cut(tells: false) }
        links = []
        store.fails = false
        generator += 1
        time.advance(ms: Int64(random.below(5_000)))
        service = try await Self.process(over: store, time, generator: generator)
    }

    // MARK: The end

    /// All goes well from now on: every task comes to its end.
    private func settle() async throws {
        store.fails = false
        for agent in agents {
            agent.state.withLock { state in
                state.isForgetful = false
                state.losesNextCall = false
            }
        }
        for (link, channel) in links {
            link.cut(tells: true)
            service.disconnect(channel)
        }
        links = []
        for agent in agents {
            let link = ModelLink(agent)
            links.append((link, try await service.connect(link)))
        }
        for _ in 0..<400 {
            for agent in agents {
                for name in agent.running { agent.finish(name, .succeeded) }
                if !agent.kept.isEmpty { agent.told(try await service.reported(agent.kept, by: agent.identity)) }
            }
            await service.writeAll()
            time.advance(ms: 500)
            service.sweep()
            if service.live.count == 0, agents.allSatisfy({ $0.kept.isEmpty && $0.running.isEmpty }) { return }
        }
        violations.append("\(service.live.count) tasks do not end")
    }

    private func check() async throws {
        for (id, durable) in accepted {
            let record = try await store.execution(id)
            if durable, record == nil { violations.append("durable task \(id) has no record") }
            if let record, !record.state.isEnd { violations.append("\(id) stays \(record.state)") }
        }
        for agent in agents {
            let (starts, sends, truth) = agent.state.withLock { ($0.starts, $0.firstSends, $0.truth) }
            for (name, count) in starts where count > 1 { violations.append("\(name) started \(count) times") }
            for (name, count) in sends where count > 1 { violations.append("\(name) sent \(count) times") }
            for (name, end) in truth {
                guard let record = try await store.execution(name.task) else {
                    violations.append("\(name) ended \(end) and has no record")
                    continue
                }
                if record.attempt == name.number, record.state != end {
                    violations.append("\(name) ended \(end), its record says \(record.state): \(record.hops)")
                }
            }
            for (name, _) in starts {
                guard let record = try await store.execution(name.task), record.attempt == name.number else { continue }
                if [.unreachable, .expired, .cancelled, .rejected].contains(record.state) {
                    violations.append("\(name) started, its record says \(record.state): \(record.hops)")
                }
            }
        }
        checkEndsAreWrittenOnce()
        let figures = service.figures
        for name in ["tasks_in_flight", "tasks_held", "tasks_awaiting_word"] where figures[name] != 0 {
            violations.append("\(name) is \(figures[name] ?? -1) at the end")
        }
    }

    private func checkEndsAreWrittenOnce() {
        var ends: [ElvesID: TaskState] = [:]
        for record in store.commits.flatMap(\.executions) {
            let earlier = ends[record.id]
            if record.state.isEnd {
                if let earlier, earlier != .unknown, earlier != record.state {
                    violations.append("\(record.id) ended \(earlier) and then \(record.state)")
                }
                if earlier == nil || earlier == .unknown { ends[record.id] = record.state }
            } else if let earlier {
                violations.append("\(record.id) ended \(earlier) and then was \(record.state)")
            }
        }
    }
}
