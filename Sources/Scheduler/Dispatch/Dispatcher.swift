import AgentLinks
import ElvesCore
import Synchronization

/// Gives tasks their turns within the limits: `FairQueue` behind a lock.
///
/// Whoever changes something serves the queue then: one at a time does, and sees what others change meanwhile.
final class Dispatcher: Sendable {
    private struct State: ~Copyable {
        var queue: FairQueue
        var isServed = false
    }

    private let state: Mutex<State>
    private let limits: QueueLimits

    init(_ limits: QueueLimits) {
        self.limits = limits
        state = Mutex(State(queue: FairQueue(limits)))
    }

    /// Tasks that have their places.
    var inFlight: Int { state.withLock { $0.queue.inFlight } }

    // MARK: Places

    /// Takes places for a call, which does not wait. `agent`: nil while its agent is away.
    func admit(_ task: ElvesID, _ call: FunctionCall, key: String, agent: ElvesID?) throws(ElvesError) {
        let refusal = state.withLock { $0.queue.admit(task, key: key, app: call.app, agent: agent) }
        switch refusal {
        case nil: return
        case .overall(let limit): throw ElvesError(.schedulerFull, "\(limit) tasks are in flight already")
        case .key(let limit):
            throw ElvesError(
                .schedulerKeyFull, "\(limit) tasks of the key \"\(key)\" are in flight already", details: ["key": key])
        case .app(let limit):
            throw ElvesError(
                .schedulerAppFull, "\(limit) tasks of the app \"\(call.app)\" are in flight already",
                details: ["app": call.app])
        case .agent(let limit):
            throw ElvesError(
                .schedulerAgentOverloaded, "\(limit) tasks are in flight on agent \(agent?.description ?? "") already",
                details: ["agent": agent?.description ?? ""])
        }
    }

    /// Takes a place at the agent for a call that waited for it, and the others if it has none any more; false when all
    /// are taken.
    func seat(_ record: Execution, at agent: ElvesID) -> Bool {
        state.withLock { state in
            state.queue.places[record.id] == nil
                ? state.queue.admit(record.id, key: record.caller, app: record.call.app, agent: agent) == nil
                : state.queue.seat(record.id, at: agent)
        }
    }

    /// Counts a task that was sent before this process began.
    func adopt(_ record: Execution) {
        state.withLock { state in
            state.queue.adopt(
                record.id, key: record.caller, app: record.call.app, agent: record.target.id, batch: record.batchID)
        }
    }

    /// Gives the task's places back; nothing happens when it has none.
    func release(_ task: ElvesID) {
        state.withLock { $0.queue.release(task) }
    }

    // MARK: Tasks that wait

    /// Takes a single task that waits its turn.
    func submit(_ record: Execution) {
        state.withLock { state in
            state.queue.submit(record.id, target: record.target, key: record.caller, app: record.call.app)
        }
    }

    /// Takes a single task back that waits.
    func withdraw(_ record: Execution) {
        state.withLock { state in
            _ = state.queue.withdraw(record.id, key: record.caller, app: record.call.app)
        }
    }

    /// Takes a batch whose tasks wait.
    func submit(_ batch: LiveBatch) {
        let begun = Set(batch.begunIndices.map(FairQueue.Item.init))
        state.withLock { state in
            state.queue.submit(
                batch.id, plan: batch.tasks, without: begun, key: batch.caller, app: batch.call.app,
                concurrency: batch.concurrency,
                whenAway: batch.startByMicros == nil ? .end : .wait)
        }
    }

    /// Takes a task of a batch that is to start once more.
    func resubmit(_ item: Int, of batch: ElvesID) {
        state.withLock { $0.queue.resubmit(FairQueue.Item(item), of: batch) }
    }

    /// Starts nothing more of the batch.
    func close(_ batch: ElvesID) {
        state.withLock { $0.queue.close(batch) }
    }

    // MARK: Agents

    /// Notes that the agent has come or gone. `now`: who has its id now; asked under the lock, so that whoever notes
    /// last notes what is. `maxRunning`: how many tasks it runs at once, if it said so.
    func note(_ agent: AgentIdentity, now: () -> (agent: AgentIdentity, maxRunning: Int?)?) {
        state.withLock { state in
            guard let (now, maxRunning) = now() else { return state.queue.disconnect(agent.id, ip: agent.ip) }
            if now.ip != agent.ip { state.queue.forget(agent.ip, of: agent.id) }
            state.queue.connect(now.id, ip: now.ip, maxRunning: maxRunning)
        }
    }

    /// The batch's tasks wait no longer for agents that are away.
    func endAway(_ batch: ElvesID) {
        state.withLock { $0.queue.endAway(batch) }
    }

    // MARK: Turns

    /// Carries out up to `limit` steps; true when there may be more, and nobody is about to carry them out.
    func serve(_ limit: Int, _ carryOut: (FairQueue.Step) -> Void) -> Bool {
        for number in 0..<limit {
            let step: FairQueue.Step = state.withLock { state in
                if number == 0, state.isServed { return .idle }
                let step = state.queue.next()
                // In one go with the look: whoever changes something later finds nobody who serves.
                state.isServed = step != .idle
                return step
            }
            if step == .idle { return false }
            carryOut(step)
        }
        state.withLock { $0.isServed = false }
        return true
    }
}
