/// Which processes should run, when one that ended is started again, and when it is given up.
///
/// A pure state machine: it is told what happened and when, and says what to do. Times are
/// durations since any fixed moment.
package struct ProcessSupervision: Sendable {
    /// What to do now.
    package enum Action: Sendable, Hashable {
        /// Start it, then say `launched` or `failedToLaunch`.
        case launch(String)
        /// Ask it to end.
        case terminate(Int32)
        /// Send KILL.
        case kill(Int32)
        /// It ended too often before the center was ever ready; nothing more will help.
        case giveUp(String, ProcessEnd)
    }

    /// The numbers.
    package struct Policy: Sendable, Hashable {
        /// Wait before the first restart; every further one waits twice as long.
        package var firstDelay: Duration = .milliseconds(100)
        /// Longest wait before a restart.
        package var longestDelay: Duration = .seconds(5)
        /// Running this long makes the next end a first one again.
        package var steadyAfter: Duration = .seconds(10)
        /// Ends in a row, before the center was ever ready, that are too many.
        package var patience = 5
        /// From TERM to KILL.
        package var grace = StopTimes.process

        /// The usual numbers.
        package init() {}
    }

    private enum Phase {
        case waiting(until: Duration)
        case launching
        case running(pid: Int32, since: Duration)
        case stopping(pid: Int32, killAt: Duration?)
        case stopped
    }

    private struct Member {
        var phase: Phase
        var endsInARow = 0
    }

    private let policy: Policy
    private let names: [String]
    private var members: [String: Member]
    private var wasReady = false
    /// Whether everything is being ended.
    package private(set) var isStopping = false

    /// A supervision of processes by these names, none of them started.
    package init(_ names: [String], policy: Policy = Policy()) {
        self.names = names
        self.policy = policy
        members = Dictionary(names.map { ($0, Member(phase: .waiting(until: .zero))) }) { first, _ in first }
    }

    /// Whether every process has ended for good.
    package var isStopped: Bool {
        isStopping
            && members.values.allSatisfy { member in
                if case .stopped = member.phase { true } else { false }
            }
    }

    /// The process of that name, if it runs.
    package func pid(of name: String) -> Int32? {
        switch members[name]?.phase {
        case .running(let pid, _), .stopping(let pid, _): pid
        default: nil
        }
    }

    /// The name that process has, if it is one of ours.
    package func name(of pid: Int32) -> String? { names.first { self.pid(of: $0) == pid } }

    /// The center was ready: from now on nothing is given up.
    package mutating func becameReady() { wasReady = true }

    /// What the passing of time asks for.
    package mutating func tick(at now: Duration) -> [Action] {
        var actions: [Action] = []
        for name in names {
            switch members[name]?.phase {
            case .waiting(let until) where until <= now:
                members[name]?.phase = .launching
                actions.append(.launch(name))
            case .stopping(let pid, let killAt?) where killAt <= now:
                members[name]?.phase = .stopping(pid: pid, killAt: nil)
                actions.append(.kill(pid))
            default: break
            }
        }
        return actions
    }

    /// A launch worked.
    package mutating func launched(_ name: String, pid: Int32, at now: Duration) -> [Action] {
        guard isStopping else {
            members[name]?.phase = .running(pid: pid, since: now)
            return []
        }
        members[name]?.phase = .stopping(pid: pid, killAt: now + policy.grace)
        return [.terminate(pid)]
    }

    /// A launch did not work.
    package mutating func failedToLaunch(_ name: String, reason: String, at now: Duration) -> [Action] {
        ended(name, .neverStarted(reason), ranFor: .zero, at: now)
    }

    /// A process ended; one that is not ours changes nothing.
    package mutating func ended(_ pid: Int32, _ end: ProcessEnd, at now: Duration) -> [Action] {
        guard let name = name(of: pid) else { return [] }
        if case .running(_, let since) = members[name]?.phase {
            return ended(name, end, ranFor: now - since, at: now)
        }
        members[name]?.phase = .stopped
        return []
    }

    /// Ends everything; nothing is started any more.
    package mutating func stop(at now: Duration) -> [Action] {
        guard !isStopping else { return [] }
        isStopping = true
        var actions: [Action] = []
        for name in names {
            switch members[name]?.phase {
            case .running(let pid, _):
                members[name]?.phase = .stopping(pid: pid, killAt: now + policy.grace)
                actions.append(.terminate(pid))
            case .waiting: members[name]?.phase = .stopped
            default: break
            }
        }
        return actions
    }

    private mutating func ended(
        _ name: String, _ end: ProcessEnd, ranFor: Duration, at now: Duration
    ) -> [Action] {
        guard var member = members[name] else { return [] }
        defer { members[name] = member }
        if isStopping {
            member.phase = .stopped
            return []
        }
        member.endsInARow = ranFor >= policy.steadyAfter ? 1 : member.endsInARow + 1
        if !wasReady && member.endsInARow >= policy.patience {
            member.phase = .stopped
            return [.giveUp(name, end)]
        }
        member.phase = .waiting(until: now + delay(afterEnds: member.endsInARow))
        return []
    }

    private func delay(afterEnds ends: Int) -> Duration {
        var delay = policy.firstDelay
        for _ in 1..<max(1, ends) where delay < policy.longestDelay { delay = delay * 2 }
        return min(delay, policy.longestDelay)
    }
}

/// How a process ended.
package enum ProcessEnd: Sendable, Hashable, CustomStringConvertible {
    /// By itself, with this code.
    case exit(Int32)
    /// By a signal.
    case signal(Int32)
    /// It was never there.
    case neverStarted(String)

    /// `exit code 3`, `signal 9`.
    package var description: String {
        switch self {
        case .exit(let code): "exit code \(code)"
        case .signal(let number): "signal \(number)"
        case .neverStarted(let reason): reason
        }
    }
}
