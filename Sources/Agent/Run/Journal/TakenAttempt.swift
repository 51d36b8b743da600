package import ElvesContracts
package import Runner

/// An attempt that this agent took.
package struct TakenAttempt: Sendable, Hashable {
    package var key: AttemptKey
    package var app: String
    package var function: String
    package var version: String
    /// Raw value of the worker protocol.
    package var workerProtocol: Int32
    /// UTC milliseconds by this machine's clock.
    package var at: Int64
    /// Whether it is on the disk, and not only with the kernel, before its worker starts.
    package var isDurable: Bool

    package init(
        key: AttemptKey, app: String, function: String, version: String, workerProtocol: Int32, at: Int64,
        isDurable: Bool = false
    ) {
        self.key = key
        self.app = app
        self.function = function
        self.version = version
        self.workerProtocol = workerProtocol
        self.at = at
        self.isDurable = isDurable
    }
}

/// An attempt that ended, without what it answered.
package struct EndedAttempt: Sendable, Hashable {
    package var state: ElvesContracts.TaskState
    package var isDurable: Bool
    /// Whether its worker was asked for.
    package var wasStarted: Bool
    /// UTC milliseconds by this machine's clock.
    package var takenAt: Int64

    package init(state: ElvesContracts.TaskState, isDurable: Bool, wasStarted: Bool, takenAt: Int64) {
        self.state = state
        self.isDurable = isDurable
        self.wasStarted = wasStarted
        self.takenAt = takenAt
    }
}

/// What a journal can say of an attempt.
package enum AttemptStanding: Sendable, Hashable {
    /// It was never taken.
    case never
    /// It was taken and has not ended.
    case open
    /// It ended, and its result is kept.
    case kept
    /// It ended, and the center has its result.
    case recorded
    /// It may have been taken: what was known of that time is gone.
    case forgotten
}

extension AttemptKey {
    /// The wire's form.
    package var ref: AttemptRef { AttemptRef(taskId: taskId, attempt: attempt) }

    /// Reads the wire's form.
    package init(_ ref: AttemptRef) { self.init(taskId: ref.taskId, attempt: ref.attempt) }
}
