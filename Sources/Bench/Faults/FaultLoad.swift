internal import ElvesClient
internal import ElvesContracts
internal import ElvesCore
internal import Foundation
internal import Synchronization
internal import Thrift
internal import ThriftNIO

/// Callers of every kind, who note what they were promised.
final class FaultLoad: Sendable {
    /// Whose tasks the results cursor is read for.
    static let owner = "faults"

    /// What the callers know.
    struct Ledger: Sendable {
        var acknowledged: Set<String> = []
        var owned: Set<String> = []
        /// Ends that they were answered.
        var told: [Evidence.Result] = []
        /// Batches that were accepted, with their targets.
        var batches: [Int64: Int] = [:]
        var asked = 0
        var refused: [String: Int] = [:]
    }

    private let center: FaultCenter
    private let direct: SchedulerServiceClient
    private let asQueue: SchedulerServiceClient
    private let rest: ElvesCenter
    private let limit: Int
    private let state = Mutex(Ledger())
    private let isOver = Atomic(false)

    /// `limit`: tasks that are asked for in all, about.
    init(_ center: FaultCenter, direct: ThriftClient, asQueue: ThriftClient, limit: Int) {
        self.center = center
        self.direct = SchedulerServiceClient(direct)
        self.asQueue = SchedulerServiceClient(asQueue)
        rest = ElvesCenter(url: center.folder.url, credentials: .token(center.folder.token))
        self.limit = limit
    }

    var ledger: Ledger { state.withLock { $0 } }

    /// Whether as much was asked for as was wanted.
    var isSpent: Bool { state.withLock { $0.asked >= limit } }

    /// No more is asked for.
    func end() { isOver.store(true, ordering: .relaxed) }

    /// One caller: asks for one thing after the other until the load is spent or over.
    func call(seed: UInt64) async {
        var random = SeededRandom(seed: seed)
        while !isOver.load(ordering: .relaxed), !isSpent {
            let number = Int.random(in: 0..<1000, using: &random)
            let agent = center.agents[Int.random(in: 0..<center.agents.count, using: &random)]
            let key = "f-\(random.next())"
            do {
                switch number {
                case 0..<380: try await sync("mark", on: agent, through: direct)
                case 380..<440: try await restCall(on: agent)
                case 440..<700: try await durable("mark", on: agent, key: key, owner: "")
                case 700..<860: try await durable("mark", on: agent, key: key, owner: Self.owner)
                case 860..<900: try await durable("flaky", on: agent, key: key, owner: Self.owner, attempts: 4)
                case 900..<925: try await stopped(on: agent, key: key, random: &random)
                case 925..<940: try await durable("tree", on: agent, key: key, owner: "")
                case 940..<960: try await durable("loud", on: agent, key: key, owner: "")
                case 960..<970: try await restDurable(on: agent, key: key)
                default: try await batch(key: key, random: &random)
                }
            } catch {
                let word = Self.word(for: error)
                state.withLock { $0.refused[word, default: 0] += 1 }
                try? await Task.sleep(for: .milliseconds(Int.random(in: 20...200, using: &random)))
            }
        }
    }

    // MARK: Kinds

    private func sync(_ function: String, on agent: FaultyAgent, through client: SchedulerServiceClient) async throws {
        count()
        let request = ExecuteRequest(app: FaultApp.name, func: function, agentId: agent.id, ip: agent.ip)
        let record = try await client.execute(
            request: request, waitMs: 10_000, options: CallOptions(timeout: .seconds(15), caller: "sync"))
        note(record)
    }

    private func restCall(on agent: FaultyAgent) async throws {
        count()
        let request = ElvesClient.TaskRequest(app: FaultApp.name, function: "mark", target: agent.name)
        note(try await rest.createTask(request, wait: .seconds(10)))
    }

    /// Asked again under its key until there is an answer: what the first try came to is not known.
    private func restDurable(on agent: FaultyAgent, key: String) async throws {
        count()
        let request = ElvesClient.TaskRequest(app: FaultApp.name, function: "mark", target: agent.name)
        let record = try await persistently { () async throws in
            try await self.rest.createTask(request, idempotencyKey: key)
        }
        note(record)
    }

    @discardableResult
    private func durable(
        _ function: String, on agent: FaultyAgent, key: String, owner: String, attempts: Int32 = 1
    ) async throws -> Int64 {
        count()
        var request = ExecuteRequest(
            app: FaultApp.name, func: function, agentId: agent.id, ip: agent.ip, startByMs: 120_000,
            idempotencyKey: key, durable: true)
        if attempts > 1 {
            request.retryRule = RetryRule(attempts: attempts, firstDelayMs: 200, longestDelayMs: 2_000)
        }
        if !owner.isEmpty { request.owner = owner }
        let client = owner.isEmpty ? direct : asQueue
        let record = try await persistently { [request] () async throws in
            try await client.execute(
                request: request, waitMs: 0, options: CallOptions(timeout: .seconds(10), caller: "durable"))
        }
        note(record, owned: !owner.isEmpty)
        return record.id
    }

    private func stopped(on agent: FaultyAgent, key: String, random: inout SeededRandom) async throws {
        let id = try await durable("slow", on: agent, key: key, owner: "")
        try await Task.sleep(for: .milliseconds(Int.random(in: 0...1_500, using: &random)))
        let kills = Bool.random(using: &random)
        note(
            try await direct.cancel(
                id: id, kill: kills, reason: "the fault run says so", waitMs: 2_000,
                options: CallOptions(timeout: .seconds(10))))
    }

    private func batch(key: String, random: inout SeededRandom) async throws {
        let targets = center.agents.map { BatchTarget(agentId: $0.id, ip: $0.ip, name: "") }
        state.withLock { $0.asked += targets.count }
        var request = BatchRequest(
            app: FaultApp.name, func: "mark", targets: targets,
            concurrency: Int32.random(in: 1...Int32(targets.count), using: &random), idempotencyKey: key)
        if Bool.random(using: &random) { request.startByMs = 60_000 }
        let record = try await persistently { [request] () async throws in
            try await self.direct.createBatch(
                request: request, options: CallOptions(timeout: .seconds(10), caller: "batch"))
        }
        state.withLock { $0.batches[record.id] = targets.count }
        if Int.random(in: 0..<8, using: &random) == 0 {
            _ = try await direct.stopBatch(
                id: record.id, kill: Bool.random(using: &random), reason: "the fault run says so",
                options: CallOptions(timeout: .seconds(10)))
        }
    }

    // MARK: Promises

    private func count() { state.withLock { $0.asked += 1 } }

    private func note(_ record: ElvesContracts.TaskRecord, owned: Bool = false) {
        note(
            Hex.encode(UInt64(bitPattern: record.id)), ElvesCore.TaskState(rawValue: record.state.rawValue),
            owned: owned)
    }

    private func note(_ record: ElvesClient.TaskRecord) {
        note(record.id, ElvesCore.TaskState(name: record.state.rawValue), owned: false)
    }

    private func note(_ task: String, _ told: ElvesCore.TaskState?, owned: Bool) {
        state.withLock { state in
            state.acknowledged.insert(task)
            if owned { state.owned.insert(task) }
            if let told, told.isEnd { state.told.append(Evidence.Result(task: task, state: told)) }
        }
    }

    /// Tries again while the trouble may pass, for two minutes at most.
    private func persistently<T>(_ body: () async throws -> T) async throws -> T {
        let deadline = ContinuousClock.now + .seconds(120)
        while true {
            do { return try await body() } catch {
                guard Self.mayPass(error), ContinuousClock.now < deadline else { throw error }
                try await Task.sleep(for: .milliseconds(Int.random(in: 50...400)))
            }
        }
    }

    private static func mayPass(_ error: any Error) -> Bool {
        switch error {
        case let fault as Fault: fault.retryable || fault.code == "elves.notReady"
        case is ThriftError: true
        case let error as CenterError: error.isRetryable
        default: false
        }
    }

    private static func word(for error: any Error) -> String {
        switch error {
        case let fault as Fault: fault.code
        case let error as ThriftError: "thrift: \(error.code)"
        case let error as CenterError: "rest: \(error.code)"
        default: "\(type(of: error))"
        }
    }
}
