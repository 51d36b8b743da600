/// Who may run now: places of the agent, places of each app, and locks that one task of the machine holds at a time.
///
/// A task gets all that it needs at once or waits for all of it, so none waits for another that waits. Those that wait
/// go in order of arrival past one another only where they cannot be in each other's way: a lock that one of them
/// waits for is kept for it. Of the places to wait an app has its share: no app's tasks can take them all, unless it
/// says that it wants that. Knows no task and no clock.
struct AdmissionQueue {
    /// What a task needs to run, beside a place.
    struct Need: Hashable, Sendable {
        var app: String
        /// Tasks of the app that may run at once.
        ///
        /// `nil`: as many as there are places.
        var appLimit: Int?
        /// The lock that it holds while it runs.
        var lock: String?

        init(app: String, appLimit: Int? = nil, lock: String? = nil) {
            self.app = app
            self.appLimit = appLimit
            self.lock = lock
        }
    }

    /// Who waits; later ones have higher numbers.
    typealias Ticket = UInt64

    enum Answer: Hashable, Sendable {
        case admitted
        case waits
        /// All places are taken, and as many wait as may.
        case full
        /// There is a place, but not for this app, or its lock is held, and as many wait as may.
        case appFull
        /// As many tasks of the app wait as may, whatever others do.
        case appWaitingFull
    }

    /// Tasks with the same need, oldest first; who left is skipped.
    private struct Line {
        var tickets: [Ticket] = []
        var first = 0
    }

    private let places: Int
    private let waitingLimit: Int
    private(set) var runningCount = 0
    private var runningOf: [String: Int] = [:]
    private var holders: [String: Int] = [:]
    private var waiting: [Ticket: Need] = [:]
    private var lines: [Need: Line] = [:]
    private var lockWaiters: [String: Int] = [:]
    private var appWaiters: [String: Int] = [:]

    /// `running`: tasks at once; `waiting`: how many more may wait.
    init(running: Int, waiting: Int) {
        places = running
        waitingLimit = waiting
    }

    var waitingCount: Int { waiting.count }

    /// Tasks that run and tasks that wait, of each app that has any.
    var counts: [String: (running: Int, waiting: Int)] {
        var counts = runningOf.mapValues { (running: $0, waiting: 0) }
        for (app, count) in appWaiters { counts[app, default: (0, 0)].waiting = count }
        return counts
    }

    /// Tasks that may wait of an app that says nothing of it: half of all that may.
    var appShare: Int { (waitingLimit + 1) / 2 }

    /// A task comes; `ticket` is higher than all before. It waits only if it `mayWait`.
    ///
    /// `appWaiting`: tasks of its app that may wait, with this one; `nil`: its share.
    mutating func ask(_ need: Need, ticket: Ticket, appWaiting: Int? = nil, mayWait: Bool = true) -> Answer {
        let mayRun = runningCount < places && isFree(need)
        if mayRun, need.lock.map({ lockWaiters[$0] == nil }) ?? true {
            take(need)
            return .admitted
        }
        guard waiting.count < waitingLimit else { return runningCount < places ? .appFull : .full }
        guard appWaiters[need.app, default: 0] < appWaiting ?? appShare else { return .appWaitingFull }
        guard mayWait else { return .waits }
        waiting[ticket] = need
        lines[need, default: Line()].tickets.append(ticket)
        appWaiters[need.app, default: 0] += 1
        if let lock = need.lock { lockWaiters[lock, default: 0] += 1 }
        return .waits
    }

    /// A task that runs already takes what it needs, whether it is there or not.
    mutating func take(_ need: Need) {
        runningCount += 1
        runningOf[need.app, default: 0] += 1
        if let lock = need.lock { holders[lock, default: 0] += 1 }
    }

    /// A task ended: answers with those that run now.
    mutating func release(_ need: Need) -> [Ticket] {
        runningCount -= 1
        Self.lower(&runningOf, need.app)
        if let lock = need.lock { Self.lower(&holders, lock) }
        return admitNext()
    }

    /// A task no longer waits: answers with those that run now, for whom it was in the way; nil when it did not wait.
    mutating func leave(_ ticket: Ticket) -> [Ticket]? {
        guard forget(ticket) else { return nil }
        return admitNext()
    }

    private func isFree(_ need: Need) -> Bool {
        if let limit = need.appLimit, runningOf[need.app, default: 0] >= limit { return false }
        return need.lock.map { holders[$0] == nil } ?? true
    }

    private mutating func admitNext() -> [Ticket] {
        var admitted: [Ticket] = []
        while runningCount < places, !waiting.isEmpty, let (ticket, need) = next() {
            _ = forget(ticket)
            take(need)
            admitted.append(ticket)
        }
        return admitted
    }

    /// The oldest that may run. Of each line only the first can be it.
    private mutating func next() -> (Ticket, Need)? {
        var kept: Set<String> = []
        for (ticket, need) in heads() {
            if isFree(need), need.lock.map({ !kept.contains($0) }) ?? true { return (ticket, need) }
            if let lock = need.lock { kept.insert(lock) }
        }
        return nil
    }

    private mutating func heads() -> [(Ticket, Need)] {
        var heads: [(Ticket, Need)] = []
        for need in Array(lines.keys) {
            guard var line = lines.removeValue(forKey: need) else { continue }
            while line.first < line.tickets.count, waiting[line.tickets[line.first]] == nil { line.first += 1 }
            guard line.first < line.tickets.count else { continue }
            heads.append((line.tickets[line.first], need))
            // What is over is dropped when it is most of the line: a task's share of that is small.
            if line.first > 64, line.first * 2 > line.tickets.count {
                line.tickets.removeFirst(line.first)
                line.first = 0
            }
            lines[need] = line
        }
        return heads.sorted { $0.0 < $1.0 }
    }

    private mutating func forget(_ ticket: Ticket) -> Bool {
        guard let need = waiting.removeValue(forKey: ticket) else { return false }
        Self.lower(&appWaiters, need.app)
        if let lock = need.lock { Self.lower(&lockWaiters, lock) }
        return true
    }

    private static func lower(_ counts: inout [String: Int], _ name: String) {
        guard let count = counts[name] else { return }
        counts[name] = count > 1 ? count - 1 : nil
    }
}
