internal import ElvesClient

/// How the ends of an `elves exec` add up.
struct ExecOutcome: Sendable {
    private(set) var ended = 0
    private(set) var failed = 0
    private(set) var outOfSight = 0
    private(set) var denied = 0

    /// Takes in one end.
    mutating func add(_ task: TaskRecord) {
        ended += 1
        switch task.state {
        case .succeeded: break
        case .unreachable, .unknown, .expired: outOfSight += 1
        case .rejected where task.code?.contains(".auth.") == true || task.code?.contains("denied") == true:
            denied += 1
        default: failed += 1
        }
    }

    /// Takes in targets that no agent answers to.
    mutating func add(unmatched words: [String]) { outOfSight += words.count }

    /// The exit code: what failed for sure counts before what no one knows.
    var status: CommandStatus {
        if failed > 0 { return .failure }
        if outOfSight > 0 { return .unreachable }
        return denied > 0 ? .denied : .success
    }
}
