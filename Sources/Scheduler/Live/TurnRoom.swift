import ElvesCore
import Synchronization

/// Durable tasks that wait for a place at their agent, in the order in which they came.
final class TurnRoom: Sendable {
    private struct Line {
        var tasks: [LiveTask] = []
        /// Whether someone gives turns right now.
        var isServed = false
    }

    private let lines = Mutex<[ElvesID: Line]>([:])
    private let waiting = Atomic<Int>(0)

    /// Whether nobody waits; read without the lock.
    var isEmpty: Bool { waiting.load(ordering: .relaxed) == 0 }

    func enter(_ task: LiveTask, at agent: ElvesID) {
        lines.withLock { $0[agent, default: Line()].tasks.append(task) }
        waiting.add(1, ordering: .relaxed)
    }

    /// Puts the task that was taken last back in front.
    func putBack(_ task: LiveTask, at agent: ElvesID) {
        lines.withLock { $0[agent, default: Line()].tasks.insert(task, at: 0) }
        waiting.add(1, ordering: .relaxed)
    }

    /// Takes the task out; nothing happens when it is not there.
    func leave(_ task: LiveTask) {
        guard !isEmpty else { return }
        let left = lines.withLock { lines in
            for (agent, line) in lines {
                guard let place = line.tasks.firstIndex(where: { $0 === task }) else { continue }
                lines[agent]?.tasks.remove(at: place)
                return true
            }
            return false
        }
        if left { waiting.subtract(1, ordering: .relaxed) }
    }

    /// Claims the right to give turns at the agent: one at a time has it.
    func beginServing(_ agent: ElvesID) -> Bool {
        lines.withLock { lines in
            guard let line = lines[agent], !line.isServed, !line.tasks.isEmpty else { return false }
            lines[agent]?.isServed = true
            return true
        }
    }

    /// The first in the line.
    func takeFirst(at agent: ElvesID) -> LiveTask? {
        let task: LiveTask? = lines.withLock { lines in
            guard let line = lines[agent], !line.tasks.isEmpty else { return nil }
            return lines[agent]?.tasks.removeFirst()
        }
        if task != nil { waiting.subtract(1, ordering: .relaxed) }
        return task
    }

    func endServing(_ agent: ElvesID) {
        lines.withLock { lines in
            lines[agent]?.isServed = false
            if lines[agent]?.tasks.isEmpty == true { lines[agent] = nil }
        }
    }
}
