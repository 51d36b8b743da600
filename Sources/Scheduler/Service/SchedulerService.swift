package import AgentLinks
package import ElvesCore
package import Logging
import Synchronization

/// Runs tasks on connected agents and keeps their records.
///
/// A call costs a few short locks and no I/O: records are written behind. `recover()` comes first, then
/// `run()` beside the calls: it sweeps deadlines, writes records, starts batches and deletes old records.
package final class SchedulerService: Sendable {
    let limits: SchedulerLimits
    let time: Timekeeper
    let logger: Logger
    let store: any SchedulerStore
    let agents: AgentRegistry<AgentChannel>
    let live = LiveTasks()
    let batches = LiveBatches()
    let waiting = WaitingRoom()
    let numbers = SchedulerNumbers()
    let writer: RecordWriter
    /// Nil where there is no folder for them: then output is what records hold.
    let output: OutputStore?
    /// Nil where there is no folder for them: then no call takes files.
    let blobs: BlobStore?
    /// Batches whose tasks are to be started.
    let pumps: AsyncStream<LiveBatch>
    let pumpInput: AsyncStream<LiveBatch>.Continuation
    private let ids: Mutex<IDGenerator>
    private let phase = Mutex(Phase.recovering)

    private enum Phase { case recovering, serving, stopping }

    /// Creates a service over a store. `generator`: its own among the scheduler instances.
    package init(
        store: any SchedulerStore, generator: IDGenerator, limits: SchedulerLimits = SchedulerLimits(),
        time: Timekeeper = .system, probeLimit: Duration = .seconds(1), output: OutputStore? = nil,
        blobs: BlobStore? = nil, logger: Logger
    ) {
        self.store = store
        self.limits = limits
        self.time = time
        self.output = output
        self.blobs = blobs
        self.logger = logger
        ids = Mutex(generator)
        agents = AgentRegistry(probeLimit: probeLimit)
        writer = RecordWriter(store: store, live: live, liveBatches: batches, limits: limits, logger: logger)
        (pumps, pumpInput) = AsyncStream.makeStream()
    }

    // MARK: Agents

    /// Takes in an agent's connection after its hello, or says why not. Tasks that waited for it start.
    package func connect(_ link: any TaskLink) async throws(AgentRefusal) -> AgentChannel {
        let channel = AgentChannel(link)
        do {
            try await agents.admit(channel)
        } catch {
            numbers.refused.add(1, ordering: .relaxed)
            logger.warning(
                "an agent was refused",
                metadata: ["agent": "\(link.agent)", "code": "\(error.code.code)", "why": "\(error.message)"])
            throw error
        }
        for task in waiting.take(channel.agent) { start(task, over: channel) }
        return channel
    }

    /// Notes that a connection ended. Its calls in flight end by themselves.
    package func disconnect(_ channel: AgentChannel) {
        agents.leave(channel)
    }

    /// Ids of the agents that are connected now.
    package var connectedAgents: [ElvesID] { agents.ids }

    // MARK: State

    /// Nil when calls are served, else why not.
    package var notReadyReason: String? {
        switch phase.withLock({ $0 }) {
        case .recovering: "reading what was running before the start"
        case .stopping: "stopping"
        case .serving: writer.status.failure.map { "records cannot be written: \($0)" }
        }
    }

    /// Counters and gauges by name.
    package var figures: [String: Int64] {
        let writing = writer.status
        return [
            "agents_connected": agents.count,
            "agents_refused": numbers.refused.load(ordering: .relaxed),
            "tasks_in_flight": numbers.inFlight.load(ordering: .relaxed),
            "tasks_started": numbers.started.load(ordering: .relaxed),
            "tasks_ended": numbers.ended.load(ordering: .relaxed),
            "tasks_overloaded": numbers.overloaded.load(ordering: .relaxed),
            "tasks_late_results": numbers.late.load(ordering: .relaxed),
            "records_written": writing.written,
            "records_waiting": writing.waiting,
            "records_dropped": writing.dropped,
        ].mapValues(Int64.init).merging(fileFigures) { own, _ in own }
    }

    var isServing: Bool { phase.withLock { $0 == .serving } }

    /// Throws unless calls are served.
    func serves() throws(ElvesError) {
        switch phase.withLock({ $0 }) {
        case .serving: return
        case .recovering: throw ElvesError(.elvesNotReady, "the scheduler still reads its records")
        case .stopping: throw ElvesError(.elvesStopping, "the scheduler is stopping")
        }
    }

    func nextID(_ wallMs: Int64) -> ElvesID {
        ids.withLock { $0.next(nowMs: wallMs) }
    }

    /// `count` ids in growing order.
    func nextIDs(_ count: Int, _ wallMs: Int64) -> [ElvesID] {
        ids.withLock { generator in (0..<count).map { _ in generator.next(nowMs: wallMs) } }
    }

    // MARK: Life

    /// Ends what was running when the last process died, then serves calls.
    package func recover() async throws {
        let ended = try await SchedulerRecovery(store: store, wallMs: time.wallMs(), step: limits.writeBatch).run()
        if ended > 0 {
            logger.notice("tasks of the last process ended as unknown", metadata: ["tasks": "\(ended)"])
        }
        phase.withLock { $0 = .serving }
    }

    /// Works until the task is cancelled, then ends what is in flight and writes what it can.
    package func run() async {
        await withTaskGroup { group in
            group.addTask { await self.sweepUntilCancelled() }
            group.addTask { await self.writeUntilCancelled() }
            group.addTask { await self.retainUntilCancelled() }
            group.addTask { await self.pumpUntilCancelled() }
        }
        await stop()
    }

    private func stop() async {
        phase.withLock { $0 = .stopping }
        for task in live.filter({ !$0.record.state.isEnd && !$0.isBeingClaimed }) {
            finish(
                task, .unknown,
                TaskOutcome(code: ErrorCode.schedulerAgentLost.code, message: "the scheduler stopped meanwhile"),
                rule: "scheduler.stop")
            for wait in task.takeWaits() { wait.resume() }
        }
        for batch in batches.all {
            for wait in batch.takeWaits() { wait.resume() }
        }
        output?.followers.wakeAll()
        while await writer.writeSome() {}
    }

    private func writeUntilCancelled() async {
        var rounds = 0
        while (try? await time.sleep(limits.writeInterval)) != nil {
            // Ends are written each round; tasks that still run, so that a crash leaves a trace, now and then.
            rounds += 1
            let running = rounds % 20 == 0 ? live.filter(\.isUnknownToStore).prefix(limits.writeBatch) : []
            var more = await writer.writeSome(running: Array(running))
            while more, !Task.isCancelled { more = await writer.writeSome() }
        }
    }

    private func pumpUntilCancelled() async {
        for await batch in pumps { await pumpAll(batch) }
    }
}
