import AgentLinks
import ElvesCore
import Synchronization

/// When accepted tasks go out: as the dispatcher says.
extension SchedulerService {
    /// Starts in one go, so that a thread that came here by the way is not kept.
    private static let turnsAtOnce = 64

    /// Takes a task whose turn is to come. Whoever has ended, or is to end, gets none.
    func submit(_ task: LiveTask) {
        guard task.awaitTurn() else { return }
        if let batch = task.batch, let item = batch.index(of: task.id) {
            dispatcher.resubmit(item, of: batch.id)
            if batch.isStopping { return endOpen(task, of: batch, evenIfRunning: false) }
        } else {
            dispatcher.submit(task.record)
        }
        // It may have ended since.
        if task.hasEnded { withdraw(task) }
        dispatch()
    }

    /// Takes back a task that waits for its turn and has ended.
    func withdraw(_ task: LiveTask) {
        // What a batch still lists is seen to have ended when its turn comes.
        if task.batch == nil { dispatcher.withdraw(task.record) }
    }

    /// Starts what may start. Called whenever something was submitted, or a place may have become free.
    func dispatch() {
        guard !isStopping else { return }
        if dispatcher.serve(Self.turnsAtOnce, carryOut) { turnInput.yield() }
    }

    /// The same to the end, in portions that let others have the thread.
    func dispatchAll() async {
        while !isStopping, dispatcher.serve(Self.turnsAtOnce, carryOut) { await Task.yield() }
    }

    private func carryOut(_ step: FairQueue.Step) {
        switch step {
        case .start(let id, .singles, _):
            guard let task = live[id] else { return dispatcher.release(id) }
            goOut(task)
        case .start(let id, .batch(let batch), let item):
            guard let task = live[id] ?? begin(Int(item), of: batch) else { return dispatcher.release(id) }
            goOut(task)
        case .unreachable(.batch(let batch), let item):
            guard let planned = batches[batch]?.tasks[Int(item)] else { return }
            if let task = live[planned.id] ?? begin(Int(item), of: batch) { waitOrEnd(task) }
        case .unreachable, .busy, .idle: break
        }
    }

    /// Sends a task that has its places, or lets it wait for its agent, or ends it.
    private func goOut(_ task: LiveTask) {
        guard let channel = channel(for: task.target) else {
            dispatcher.release(task.id)
            return waitOrEnd(task)
        }
        if task.entersFlight() { numbers.occupy() }
        send(task, over: channel)
    }

    /// Begins a task of a batch's plan; nil when it has begun, or is not to be started any more.
    private func begin(_ item: Int, of id: ElvesID) -> LiveTask? {
        guard let batch = batches[id], let planned = batch.begin(item) else { return nil }
        let task = make(planned, of: batch)
        guard batch.isStopping else { return task }
        // Stopped since it began: whoever stopped it may have looked for its tasks before this one was in memory.
        endOpen(task, of: batch, evenIfRunning: false)
        return nil
    }

    /// A planned task in memory.
    func make(_ planned: PlannedTask, of batch: LiveBatch) -> LiveTask {
        let now = time.micros()
        // The time that agents have after a restart is none that the task must start in.
        let limit = batch.startBy > 0 ? batch.startByMicros : nil
        let startByMs = limit.map { max(1, ($0 - now) / 1_000) } ?? 0
        let task = LiveTask(
            batch.fresh(planned), bornMicros: now, batch: batch, startByMs: startByMs, isInFlight: false,
            again: batch.isResumed)
        live.insert(task)
        numbers.started.add(1, ordering: .relaxed)
        return task
    }
}
