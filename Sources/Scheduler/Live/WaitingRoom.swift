import AgentLinks
import ElvesCore
import Synchronization

/// Tasks whose agent is not connected yet and may still come.
final class WaitingRoom: Sendable {
    private enum Key: Hashable {
        case id(ElvesID)
        case ip(String)

        init(_ target: TaskTarget) {
            self = target.id.map { .id($0) } ?? .ip(target.ip)
        }
    }

    private let tasks = Mutex<[Key: [LiveTask]]>([:])

    func enter(_ task: LiveTask, for target: TaskTarget) {
        tasks.withLock { $0[Key(target), default: []].append(task) }
    }

    /// Takes the task out; false when someone else did.
    func leave(_ task: LiveTask, for target: TaskTarget) -> Bool {
        tasks.withLock { tasks in
            let key = Key(target)
            guard let place = tasks[key]?.firstIndex(where: { $0 === task }) else { return false }
            tasks[key]?.remove(at: place)
            if tasks[key]?.isEmpty == true { tasks[key] = nil }
            return true
        }
    }

    /// Takes out all that wait for this agent, oldest first.
    func take(_ agent: AgentIdentity) -> [LiveTask] {
        let taken = tasks.withLock { tasks in
            (tasks.removeValue(forKey: .id(agent.id)) ?? []) + (tasks.removeValue(forKey: .ip(agent.ip)) ?? [])
        }
        return taken.sorted { $0.id < $1.id }
    }
}
