internal import CElvesProcess
internal import Glibc

/// The cgroups of one runner's workers: one worker at a time in each, used again and again.
///
/// Making and removing a group costs a worker a tenth of a millisecond and more; being born in one that is there
/// costs next to nothing. Belongs to its host's thread, once it is prepared.
package final class WorkerGroups {
    /// What the agent's configuration says of cgroups.
    package enum Setting: Sendable, Hashable {
        /// Below the group that the runner is in, if it may.
        case own
        /// Below this one.
        case below(String)
        case off

        /// `off`, the path of a group's folder, or nothing.
        package init(_ text: String?) {
            self = text == nil ? .own : text == "off" ? .off : .below(text ?? "")
        }
    }

    /// Why a runner has no groups, in words.
    package struct Unusable: Error, Sendable {
        package var reason: String
    }

    /// Free groups that are kept.
    private static let keptCount = 64

    /// The folder of the group that holds all of them.
    package let path: String
    private var free: [WorkerGroup] = []
    /// Those that something outlived KILL in.
    private var occupied: [WorkerGroup] = []
    private var nextNumber = 0

    private init(path: String) { self.path = path }

    /// Makes the groups' common one for the agent's folder `root`, having ended what a dead runner of that folder
    /// left in its own.
    ///
    /// The caller holds the runner's lock on the folder: what lives in its groups is nobody's.
    package static func prepare(
        _ setting: Setting, root: String
    ) async -> sending Result<WorkerGroups, Unusable> {
        let left = await StrayGroups.end(root: root)
        guard left == 0 else { return .failure(Unusable(reason: "\(left) processes of earlier workers outlive KILL")) }
        let place: String
        switch setting {
        case .off: return .failure(Unusable(reason: "they are turned off"))
        case .below(let path): place = path
        case .own:
            guard let own = GroupPlace.own() else {
                return .failure(Unusable(reason: "no version 2 cgroups are mounted"))
            }
            place = own
        }
        return make(below: place, root: root)
    }

    private static func make(below place: String, root: String) -> sending Result<WorkerGroups, Unusable> {
        guard let name = StrayGroups.name(root: root) else {
            return .failure(Unusable(reason: "the folder \(root) cannot be read"))
        }
        guard access(place + "/cgroup.procs", F_OK) == 0 else {
            return .failure(Unusable(reason: "\(place) is not the folder of a version 2 cgroup"))
        }
        let groups = WorkerGroups(path: place + "/" + name)
        guard mkdir(groups.path, 0o755) == 0 || errno == EEXIST else {
            return .failure(Unusable(reason: "cannot make \(groups.path): \(String(cString: strerror(errno)))"))
        }
        // Of a folder that was removed, and whose number this one got.
        for old in WorkerGroup.below(groups.path).reversed() { rmdir(old) }
        // Whether something can be born in a group is known when it was: it depends on kernel, rights and filters.
        guard let first = groups.take() else {
            groups.remove()
            return .failure(Unusable(reason: "cannot make a group in \(groups.path)"))
        }
        let failure = elves_try_cgroup(first.folder)
        guard failure == 0, StrayGroups.note(groups.path, root: root) else {
            groups.giveBack(first)
            groups.remove()
            let reason = failure == 0 ? "cannot write run/cgroup" : String(cString: strerror(-failure))
            return .failure(Unusable(reason: "no process can be born in \(groups.path): \(reason)"))
        }
        groups.giveBack(first)
        return .success(groups)
    }

    /// An empty group for one worker; nil when none can be made.
    func take() -> WorkerGroup? {
        if let group = free.popLast() { return group }
        for _ in 0..<16 {
            nextNumber += 1
            if let group = WorkerGroup.make(path + "/w\(nextNumber)") { return group }
            // One of that name is there when something outlived KILL in it.
            guard errno == EEXIST else { return nil }
        }
        return nil
    }

    /// Takes a worker's group back after its end. `isUntouched`: nobody had to be killed in it.
    func giveBack(_ group: WorkerGroup, isUntouched: Bool = true) {
        // A killed one may be frozen, or hold groups of the worker's own.
        if isUntouched, free.count < Self.keptCount, group.isEmpty, !group.hasGroups {
            free.append(group)
        } else if !group.remove() {
            occupied.append(group)
        }
        occupied.removeAll { $0.remove() }
    }

    /// Removes all that are empty; false when something is left.
    ///
    /// A process that has just died may hold its group for a moment longer than the group shows it.
    @discardableResult package func remove() -> Bool {
        occupied = (free + occupied).filter { !$0.remove() }
        free = []
        return occupied.isEmpty && (rmdir(path) == 0 || errno == ENOENT)
    }
}
