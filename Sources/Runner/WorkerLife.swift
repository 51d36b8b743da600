/// When a worker's processes are asked to end, made to end and given up on.
///
/// Knows no clock and no process.
package struct WorkerLife: Sendable {
    /// What the shell is to do next; times are in the nanoseconds that it passes in.
    package enum Action: Equatable, Sendable {
        /// Ask again when something happens, at the latest at this time (`nil`: no time).
        case wait(until: Int64?)
        /// TERM to every process, then `advance` again.
        case terminate
        /// KILL to every process, then ask again at this time.
        case kill(again: Int64)
        /// Nothing of the worker is left, or what is left cannot be ended.
        case finish
    }

    private enum Phase {
        case running
        case terminating(until: Int64)
        case killing(giveUpAt: Int64)
    }

    /// Leftovers of a worker that ended by itself get this long after TERM, if the order allows as much.
    private static let leftoverGrace: Int64 = 1_000_000_000
    /// How long KILL is repeated.
    private static let patience: Int64 = 2_000_000_000
    /// Pauses between looks begin short, for what ends at once, and double.
    private static let firstPause: Int64 = 1_000_000
    private static let killPause: Int64 = 5_000_000
    private static let checkPause: Int64 = 20_000_000

    private var phase = Phase.running
    private var pause = firstPause
    private let timeoutAt: Int64?
    private let grace: Int64
    package private(set) var timedOut = false
    package private(set) var killed = false
    package private(set) var leftSomething = false

    package init(startedAt: Int64, timeout: Int64?, grace: Int64) {
        self.grace = grace
        timeoutAt = timeout.map { startedAt.addingReportingOverflow($0) }.map { $0.overflow ? .max : $0.partialValue }
    }

    /// Asks for the worker's end.
    package mutating func kill() {
        if case .running = phase { killed = true }
    }

    /// The next step.
    ///
    /// `leaderEnded`: the worker's first process; `isEmpty`: none of the others live.
    package mutating func advance(now: Int64, leaderEnded: Bool, isEmpty: () -> Bool) -> Action {
        if leaderEnded, isEmpty() { return .finish }
        switch phase {
        case .running:
            return leaveRunning(now: now, leaderEnded: leaderEnded)
        case .terminating(let until):
            guard now >= until else {
                return .wait(until: leaderEnded ? min(until, now + nextPause(atMost: Self.checkPause)) : until)
            }
            phase = .killing(giveUpAt: now + Self.patience)
            pause = Self.firstPause
            return .kill(again: now + nextPause(atMost: Self.killPause))
        case .killing(let giveUpAt):
            return now >= giveUpAt ? .finish : .kill(again: now + nextPause(atMost: Self.killPause))
        }
    }

    private mutating func nextPause(atMost limit: Int64) -> Int64 {
        defer { pause = min(pause * 2, limit) }
        return pause
    }

    private mutating func leaveRunning(now: Int64, leaderEnded: Bool) -> Action {
        if leaderEnded {
            leftSomething = true
            phase = .terminating(until: now + min(grace, Self.leftoverGrace))
            return .terminate
        }
        if let timeoutAt, now >= timeoutAt, !killed { timedOut = true }
        guard killed || timedOut else { return .wait(until: timeoutAt) }
        phase = .terminating(until: now + grace)
        return .terminate
    }
}
