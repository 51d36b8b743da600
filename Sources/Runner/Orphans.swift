internal import CElvesProcess
internal import Glibc

/// The C library's `kill`, where a method of that name hides it.
private func sendSignal(_ signal: Int32, to pid: Int32) { kill(pid, signal) }

/// Processes whose parents died and that the kernel therefore gave to this one, and whose they are.
///
/// Every process that a dead worker left has an ancestor among them (or is one), so a worker's tree is
/// empty when none of them is its own: one small read instead of a walk over `/proc`.
struct Orphans {
    private enum Owner {
        case worker(AttemptKey)
        /// Nothing says it: one of those that ran when it was first seen, which may be none. It ends with the last.
        case oneOf(Set<AttemptKey>)
        case stranger

        /// Whether it may be one of these workers, or is nobody's business.
        func isAmong(_ running: Set<AttemptKey>) -> Bool {
            switch self {
            case .worker(let key): running.contains(key)
            case .oneOf(let keys): !keys.isDisjoint(with: running)
            case .stranger: true
            }
        }
    }

    /// Whether every child of this process is a worker's; false in a process that has other children too.
    private let ownsProcess: Bool
    /// Orphans go to the main thread of the subreaper; workers belong to the loop's thread.
    private let listing = "/proc/self/task/\(getpid())/children"
    private var owners: [Int32: Owner] = [:]
    /// First processes that outlived the ends of their workers: no orphans, so in no listing of those.
    private var stuck: Set<Int32> = []

    init(ownsProcess: Bool) {
        self.ownsProcess = ownsProcess
    }

    var isEmpty: Bool { owners.isEmpty }

    /// Looks again: takes ended orphans away, finds the owners of new ones, and kills those whose owners have finished:
    /// what outlived its worker's end.
    ///
    /// `workers`: every worker that has not finished, by its first process.
    mutating func refresh(workers: [Int32: AttemptKey]) {
        var seen = ProcFile.numbers(listing) ?? ProcessTable().children(of: getpid())
        stuck = stuck.filter(isChild)
        seen.removeAll { workers[$0] != nil || stuck.contains($0) }
        seen += stuck
        guard !seen.isEmpty || !owners.isEmpty else { return }
        var now: [Int32: Owner] = [:]
        for pid in seen {
            let owner = owners[pid] ?? owner(of: pid, workers: workers)
            if case .stranger = owner {
                now[pid] = owner
            } else if elves_reap(pid) == 0 {
                now[pid] = owner
            }
        }
        owners = now
        stuck.formIntersection(now.keys)
        let running = Set(workers.values)
        for (pid, owner) in owners where !owner.isAmong(running) { sendSignal(SIGKILL, to: pid) }
    }

    /// Whether a number is still that of a child: one that is not could be anybody's.
    private func isChild(_ pid: Int32) -> Bool {
        var code: Int32 = 0
        var signal: Int32 = 0
        return elves_peek(pid, &code, &signal) >= 0
    }

    /// A worker's first process outlived KILL, and its worker is given up.
    mutating func giveUp(_ pid: Int32, of key: AttemptKey) {
        owners[pid] = .worker(key)
        stuck.insert(pid)
    }

    /// Living orphans of one worker.
    func left(by key: AttemptKey) -> [Int32] {
        owners.compactMap { pid, owner in
            switch owner {
            case .worker(let other): other == key ? pid : nil
            case .oneOf(let keys): keys == [key] ? pid : nil
            case .stranger: nil
            }
        }
    }

    /// A worker finished: what could have been its own is another's.
    mutating func finished(_ key: AttemptKey) {
        for (pid, owner) in owners {
            guard case .oneOf(var keys) = owner, keys.count > 1 else { continue }
            keys.remove(key)
            owners[pid] = .oneOf(keys)
        }
    }

    private func owner(of pid: Int32, workers: [Int32: AttemptKey]) -> Owner {
        if let key = workers[getsid(pid)] { return .worker(key) }
        let mark = elves_tree_mark(pid)
        if mark != 0, let key = workers.values.first(where: { $0.mark == mark }) { return .worker(key) }
        if let marker = ProcessTable.marker(of: pid) {
            if let key = workers.values.first(where: { $0.marker == marker }) { return .worker(key) }
        }
        return ownsProcess ? .oneOf(Set(workers.values)) : .stranger
    }
}
