package import AgentLinks
package import ElvesCore
package import Logging
import Synchronization

/// Runs tasks on connected agents and keeps their records.
///
/// A synchronous call costs a few short locks and no I/O: records are written behind. A durable one is in the store
/// before it is answered. `recover()` comes first, then `run()` beside the calls: it sweeps deadlines, writes records,
/// starts batches, tells agents what is recorded and deletes old records.
package final class SchedulerService: Sendable {
    let limits: SchedulerLimits
    let webhookRules: WebhookRules
    let time: Timekeeper
    let logger: Logger
    let store: any SchedulerStore
    let agents: AgentRegistry<AgentChannel>
    let live = LiveTasks()
    let batches = LiveBatches()
    /// Tasks whose agent may still come.
    let waiting = WaitingRoom()
    /// Tasks whose agent went away with them, and has to say what became of them.
    let lost = WaitingRoom()
    /// Whose turn it is, within the limits.
    let dispatcher: Dispatcher
    /// Tasks that somebody wanted to end, and that ended for the center while their agent was away.
    let kills = OpenKills()
    let numbers = SchedulerNumbers()
    let writer: RecordWriter
    /// Nil where there is no folder for them: then output is what records hold.
    let output: OutputStore?
    /// Nil where there is no folder for them: then no call takes files.
    let blobs: BlobStore?
    /// Word that tasks may be started; one is enough for any number of them.
    let turns: AsyncStream<Void>
    let turnInput: AsyncStream<Void>.Continuation
    /// A number from 0 to its argument.
    let jitter: @Sendable (Int64) -> Int64
    private let ids: Mutex<IDGenerator>
    private let phase = Mutex(Phase.recovering)

    private enum Phase { case recovering, serving, stopping }

    /// Creates a service over a store.
    ///
    /// - Parameters:
    ///   - generator: its own among the scheduler instances.
    ///   - jitter: gives a number from 0 to its argument, for pauses before new attempts.
    package init(
        store: any SchedulerStore, generator: IDGenerator, limits: SchedulerLimits = SchedulerLimits(),
        webhookRules: WebhookRules = WebhookRules(), time: Timekeeper = .system, probeLimit: Duration = .seconds(1),
        output: OutputStore? = nil, blobs: BlobStore? = nil, logger: Logger,
        jitter: @escaping @Sendable (Int64) -> Int64 = { Int64.random(in: 0...max(0, $0)) }
    ) {
        self.store = store
        self.webhookRules = webhookRules
        self.limits = limits
        self.time = time
        self.output = output
        self.blobs = blobs
        self.logger = logger
        ids = Mutex(generator)
        self.jitter = jitter
        let agents = AgentRegistry<AgentChannel>(probeLimit: probeLimit)
        self.agents = agents
        writer = RecordWriter(store: store, live: live, liveBatches: batches, limits: limits, logger: logger) {
            agents.link(of: $0)?.note(recorded: $1)
        }
        dispatcher = Dispatcher(QueueLimits(limits))
        (turns, turnInput) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    // MARK: Agents

    /// Takes in an agent's connection after its hello, or says why not. It is asked for what it took with it, then
    /// tasks that waited for it start.
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
        arrived(channel)
        return channel
    }

    /// Notes that a connection ended. Its calls in flight end by themselves.
    package func disconnect(_ channel: AgentChannel) {
        agents.leave(channel)
        noteAgent(of: channel)
        dispatch()
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
            "tasks_held": numbers.held.load(ordering: .relaxed),
            "tasks_awaiting_word": lost.count,
            "tasks_retried": numbers.retried.load(ordering: .relaxed),
            "tasks_resumed": numbers.resumed.load(ordering: .relaxed),
            "tasks_recreated": numbers.recreated.load(ordering: .relaxed),
            "results_reported": numbers.reported.load(ordering: .relaxed),
            "tasks_started": numbers.started.load(ordering: .relaxed),
            "tasks_ended": numbers.ended.load(ordering: .relaxed),
            "tasks_overloaded": numbers.overloaded.load(ordering: .relaxed),
            "tasks_late_results": numbers.late.load(ordering: .relaxed),
            "records_written": writing.written,
            "records_waiting": writing.waiting,
            "records_dropped": writing.dropped,
        ].mapValues(Int64.init).merging(fileFigures) { own, _ in own }
    }

    var isStopping: Bool { phase.withLock { $0 == .stopping } }

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

    /// Takes up what had not ended when the last process died or stopped, then serves calls.
    package func recover() async throws {
        let recovered = try await SchedulerRecovery(service: self).run()
        if recovered > 0 {
            logger.notice("tasks of the last process go on", metadata: ["tasks": "\(recovered)"])
        }
        phase.withLock { $0 = .serving }
    }

    /// Works until the task is cancelled, then writes how everything stands.
    package func run() async {
        await withTaskGroup { group in
            group.addTask { await self.sweepUntilCancelled() }
            group.addTask { await self.writeUntilCancelled() }
            group.addTask { await self.retainUntilCancelled() }
            group.addTask { await self.indexUntilCancelled() }
            group.addTask { await self.dispatchUntilCancelled() }
            group.addTask { await self.tellUntilCancelled() }
        }
        await stop()
    }

    /// Hands back: no task ends with the scheduler. The next process takes up what has not ended.
    private func stop() async {
        phase.withLock { $0 = .stopping }
        let now = time.micros()
        let open = live.filter { !$0.isBeingClaimed && $0.handsBack(now) }
        for task in live.filter({ _ in true }) {
            for wait in task.takeWaits() { wait.resume() }
        }
        for batch in batches.all {
            for wait in batch.takeWaits() { wait.resume() }
        }
        for wait in store.feed.takeDue(.max) { wait.resume() }
        output?.followers.wakeAll()
        while await writer.writeSome() {}
        for start in stride(from: 0, to: open.count, by: limits.writeBatch) {
            let some = Array(open[start..<min(start + limits.writeBatch, open.count)])
            _ = await writer.writeSome(running: some, .synced)
        }
    }

    private func writeUntilCancelled() async {
        writer.serves(true)
        defer { writer.serves(false) }
        var rounds = 0
        while (try? await time.sleep(limits.writeInterval)) != nil {
            // Ends are written each round; tasks that have not ended, so that a crash leaves a trace, now and then.
            rounds += 1
            if rounds % 20 == 0 { await writeOpen() }
            while await writer.writeSome(), !Task.isCancelled {}
        }
    }

    /// Writes tasks that have not ended and whose records are out of date.
    func writeOpen(_ durability: RecordDurability = .buffered) async {
        let open = live.filter(\.isUnknownToStore)
        for start in stride(from: 0, to: open.count, by: limits.writeBatch) {
            let some = Array(open[start..<min(start + limits.writeBatch, open.count)])
            _ = await writer.writeSome(running: some, durability)
        }
    }

    /// Tells agents what is recorded that no call has told them.
    private func tellUntilCancelled() async {
        while (try? await time.sleep(limits.tellInterval)) != nil {
            for channel in agents.links { channel.flushOldRecorded() }
        }
    }

    private func dispatchUntilCancelled() async {
        for await _ in turns { await dispatchAll() }
    }
}
