internal import CElvesProcess
internal import Glibc

/// Processes whose parents died and that the kernel therefore gave to this one, and whose they are.
///
/// Every process that a dead worker left has an ancestor among them (or is one), so a worker's tree is
/// empty when none of them is its own: one small read instead of a walk over `/proc`.
struct Orphans {
    private enum Owner {
        case worker(AttemptKey)
        /// Neither session nor marker says it: one of those that ran when it was first seen.
        case oneOf(Set<AttemptKey>)
        case stranger
    }

    /// Whether every child of this process is a worker's; false in a process that has other children too.
    private let ownsProcess: Bool
    /// Orphans go to the main thread of the subreaper; workers belong to the loop's thread.
    private let listing = "/proc/self/task/\(getpid())/children"
    private var owners: [Int32: Owner] = [:]

    init(ownsProcess: Bool) {
        self.ownsProcess = ownsProcess
    }

    var isEmpty: Bool { owners.isEmpty }

    /// Looks again: takes ended orphans away and finds the owners of new ones.
    ///
    /// `workers`: every worker that has not finished, by its first process.
    mutating func refresh(workers: [Int32: AttemptKey]) {
        var seen = ProcFile.numbers(listing) ?? ProcessTable().children(of: getpid())
        seen.removeAll { workers[$0] != nil }
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
        if let marker = ProcessTable.marker(of: pid) {
            if let key = workers.values.first(where: { $0.marker == marker }) { return .worker(key) }
        }
        return ownsProcess && !workers.isEmpty ? .oneOf(Set(workers.values)) : .stranger
    }
}
