import AgentLinks
import ElvesCore
import Synchronization

/// Tasks that wait for their agent to connect, for the first time or again.
///
/// Each machine has so many places. A place is taken before the task is made, and is free again when the task
/// leaves.
final class WaitingRoom: Sendable {
    private enum Key: Hashable {
        case id(ElvesID)
        case ip(String)

        init(_ target: TaskTarget) {
            self = target.id.map { .id($0) } ?? .ip(target.ip)
        }
    }

    /// What waits for one machine.
    private struct Bench {
        var tasks: [LiveTask] = []
        /// Places that are taken and have no task on them yet.
        var reserved = 0

        var isEmpty: Bool { tasks.isEmpty && reserved == 0 }
    }

    private let benches = Mutex<[Key: Bench]>([:])

    /// How many tasks are in it.
    var count: Int { benches.withLock { $0.values.reduce(0) { $0 + $1.tasks.count } } }

    /// Takes a place for a task that is about to enter; false when all `limit` are taken.
    func reserve(_ target: TaskTarget, limit: Int) -> Bool {
        benches.withLock { benches in
            // Durable tasks are bounded by their number in all.
            let taken = benches[Key(target)].map { $0.tasks.count { !$0.isDurable } + $0.reserved } ?? 0
            guard taken < limit else { return false }
            benches[Key(target), default: Bench()].reserved += 1
            return true
        }
    }

    /// Gives a place back on which nothing was put.
    func release(_ target: TaskTarget) {
        change(Key(target)) { $0.reserved -= 1 }
    }

    /// Puts the task in, whether there is a place or not.
    func admit(_ task: LiveTask, for target: TaskTarget) {
        change(Key(target)) { $0.tasks.append(task) }
    }

    /// Takes the task out; false when someone else did.
    func leave(_ task: LiveTask, for target: TaskTarget) -> Bool {
        change(Key(target)) { bench in
            guard let place = bench.tasks.firstIndex(where: { $0 === task }) else { return false }
            bench.tasks.remove(at: place)
            return true
        }
    }

    /// Takes out all that wait for this agent, oldest first.
    func take(_ agent: AgentIdentity) -> [LiveTask] {
        let taken = [Key.id(agent.id), .ip(agent.ip)].flatMap { key in
            change(key) { bench in
                defer { bench.tasks = [] }
                return bench.tasks
            }
        }
        return taken.sorted { $0.id < $1.id }
    }

    @discardableResult
    private func change<T: Sendable>(_ key: Key, _ body: (inout Bench) -> T) -> T {
        benches.withLock { benches in
            var bench = benches[key] ?? Bench()
            defer { benches[key] = bench.isEmpty ? nil : bench }
            return body(&bench)
        }
    }
}
