import ElvesCore
import Synchronization

/// Calls that wait for more output, or for the end, of a task.
///
/// Whoever waits has looked first; a word that comes between the look and the wait is not missed, because it changes
/// the task's mark. Many tasks share a mark: a wait may end early, and the caller looks again.
final class OutputFollowers: Sendable {
    /// How far the words for a task had come when someone looked.
    struct Mark: Sendable {
        fileprivate let slot: Int
        fileprivate let value: Int64
    }

    private struct State {
        var waits: [ElvesID: WaitList] = [:]
        /// When the first of them is due, at the earliest.
        var due = Int64.max
        var marks = [Int64](repeating: 0, count: OutputFollowers.markCount)
        /// When the agent of a task was asked to send its output.
        var asked: [ElvesID: Int64] = [:]
    }

    private static let markCount = 1_024
    /// Between two words to the agent of a followed task.
    private static let askMicros: Int64 = 2_000_000
    private let state = Mutex(State())

    private static func slot(_ task: ElvesID) -> Int {
        Int((task.rawValue ^ task.rawValue >> 22) & Int64(markCount - 1))
    }

    /// How many wait.
    var count: Int { state.withLock { $0.waits.values.reduce(0) { $0 + $1.count } } }

    /// To be taken before the look.
    func mark(_ task: ElvesID) -> Mark {
        let slot = Self.slot(task)
        return Mark(slot: slot, value: state.withLock { $0.marks[slot] })
    }

    /// Suspends until there is news of the task since `mark`, until `deadline`, or until the waiting task is cancelled.
    func wait(for task: ElvesID, since mark: Mark, until deadline: Int64) async {
        await WaitList.wait { ticket, continuation in
            state.withLock { state in
                if state.marks[mark.slot] != mark.value || Task.isCancelled { return false }
                state.waits[task, default: WaitList()].add(ticket, until: deadline, continuation)
                state.due = min(state.due, deadline)
                return true
            }
        } withdraw: { ticket in
            state.withLock { state in
                let continuation = state.waits[task]?.take(ticket)
                if state.waits[task]?.count == 0 { state.waits[task] = nil }
                return continuation
            }
        }
    }

    /// There is news of the task.
    func wake(_ task: ElvesID) {
        let taken = state.withLock { state in
            state.marks[Self.slot(task)] += 1
            var waits = state.waits.removeValue(forKey: task)
            return waits?.takeAll() ?? []
        }
        for wait in taken { wait.resume() }
    }

    /// Whether the task's agent should be told now that it is followed; answers true once in a while.
    func mayAsk(_ task: ElvesID, now: Int64) -> Bool {
        state.withLock { state in
            if let last = state.asked[task], now - last < Self.askMicros { return false }
            if state.asked.count >= 1_000 { state.asked = state.asked.filter { now - $0.value < Self.askMicros } }
            state.asked[task] = now
            return true
        }
    }

    /// Ends waits that have lasted long enough.
    func wakeDue(_ now: Int64) {
        let taken = state.withLock { state in
            guard state.due <= now else { return [CheckedContinuation<Void, Never>]() }
            var taken: [CheckedContinuation<Void, Never>] = []
            for task in state.waits.keys {
                taken += state.waits[task]?.takeDue(now) ?? []
                if state.waits[task]?.count == 0 { state.waits[task] = nil }
            }
            state.due = state.waits.values.map(\.due).min() ?? .max
            return taken
        }
        for wait in taken { wait.resume() }
    }

    /// Ends all waits, as when the scheduler stops.
    func wakeAll() {
        let taken = state.withLock { state in
            defer { state.waits = [:] }
            for slot in state.marks.indices { state.marks[slot] += 1 }
            return state.waits.keys.flatMap { state.waits[$0]?.takeAll() ?? [] }
        }
        for wait in taken { wait.resume() }
    }
}
