import AgentLinks
import ElvesCore

/// When accepted tasks go out: here at once, as far as their agents have places.
extension SchedulerService {
    /// Takes a task whose turn is to come. Whoever has ended, or is to end, gets none.
    func submit(_ task: LiveTask) {
        guard task.awaitTurn() else { return }
        guard let agent = goOut(task) else { return }
        turns.enter(task, at: agent)
        // It may have ended, or a place may have become free, since.
        if task.hasEnded { turns.leave(task) }
        placeFreed(at: agent)
    }

    /// Takes back a task that waits for its turn and has ended.
    func withdraw(_ task: LiveTask) {
        turns.leave(task)
    }

    /// Gives turns to those who wait for a place at the agent. Called whenever one may have become free, and when the
    /// agent has gone.
    func placeFreed(at agent: ElvesID) {
        guard !turns.isEmpty else { return }
        var mayHaveRoom = true
        while mayHaveRoom, turns.beginServing(agent) {
            while let task = turns.takeFirst(at: agent) {
                guard goOut(task) != nil else { continue }
                turns.putBack(task, at: agent)
                break
            }
            turns.endServing(agent)
            // A place that became free meanwhile found the line being served.
            mayHaveRoom = agents.link(of: agent)?.hasRoom(limit: limits.tasksInFlightPerAgent) ?? true
        }
    }

    /// Sends the task, lets it wait for its agent, or ends it; answers with the agent when that has no place.
    private func goOut(_ task: LiveTask) -> ElvesID? {
        guard let channel = channel(for: task.target) else {
            waitOrEnd(task)
            return nil
        }
        guard channel.reserve(limit: limits.tasksInFlightPerAgent) else { return channel.agent.id }
        if task.entersFlight() { numbers.occupy() }
        send(task, over: channel)
        return nil
    }
}
