import AgentLinks
import ElvesCore
import Logging
import Synchronization
import Testing

@testable import Scheduler

/// Clocks that a test turns.
final class TestTime: Sendable {
    private let micros = Mutex<Int64>(1_000_000)
    private let wallMs: Mutex<Int64>
    private let interruption = Mutex<(@Sendable () -> Void)?>(nil)

    init(wallMs: Int64 = 1_800_000_000_000) {
        self.wallMs = Mutex(wallMs)
    }

    func advance(ms: Int64) {
        micros.withLock { $0 += ms * 1_000 }
        wallMs.withLock { $0 += ms }
    }

    var keeper: Timekeeper {
        Timekeeper(
            wallMs: { self.wallMs.withLock { $0 } },
            micros: {
                let interrupts = self.interruption.withLock { interruption in
                    defer { interruption = nil }
                    return interruption
                }
                interrupts?()
                return self.micros.withLock { $0 }
            },
            sleep: { _ in try await Task.sleep(for: .milliseconds(1)) })
    }

    /// Has `body` run, once, when somebody looks at the clock: what another thread does right then.
    func beforeNextLook(_ body: @escaping @Sendable () -> Void) {
        interruption.withLock { $0 = body }
    }
}

extension SchedulerService {
    /// A service that serves, over the given store, without its loops.
    static func serving(
        _ store: any SchedulerStore = InMemorySchedulerStore(), time: Timekeeper = .system, generator: UInt16 = 1,
        output: OutputStore? = nil, blobs: BlobStore? = nil, webhookRules: WebhookRules = WebhookRules(),
        _ configure: (inout SchedulerLimits) -> Void = { _ in }
    ) async throws -> SchedulerService {
        var limits = SchedulerLimits()
        limits.writeInterval = .milliseconds(1)
        limits.sweepInterval = .milliseconds(1)
        configure(&limits)
        let service = SchedulerService(
            store: store, generator: try #require(IDGenerator(number: generator)), limits: limits,
            webhookRules: webhookRules, time: time, probeLimit: .milliseconds(50), output: output, blobs: blobs,
            logger: .silent, jitter: { $0 })
        try await service.recover()
        return service
    }

    /// Runs the service's loops beside `body`.
    @discardableResult
    func whileRunning<T: Sendable>(_ body: @Sendable () async throws -> T) async throws -> T {
        try await withThrowingTaskGroup { group in
            group.addTask { await self.run() }
            defer { group.cancelAll() }
            return try await body()
        }
    }
}

extension ExecutionOrder {
    static func test(
        _ agent: Int64, timeoutMs: Int64? = nil, startByMs: Int64 = 0, key: String = "", param: String? = nil,
        durable: Bool = false, retry: RetryRule? = nil
    ) -> ExecutionOrder {
        var order = ExecutionOrder(
            call: FunctionCall(app: "hello", function: "greet", param: param, timeoutMs: timeoutMs),
            target: TaskTarget(id: .test(agent)), startByMs: startByMs, idempotencyKey: key, caller: "key-1")
        order.isDurable = durable
        order.retryRule = retry
        return order
    }
}

extension BatchOrder {
    static func test(_ agents: some Sequence<Int64>, concurrency: Int = 0, key: String = "") -> BatchOrder {
        BatchOrder(
            call: FunctionCall(app: "hello", function: "greet"),
            targets: agents.map { TaskTarget(id: .test($0), name: "web-\($0)") }, concurrency: concurrency,
            idempotencyKey: key, caller: "key-1")
    }
}
