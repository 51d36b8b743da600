package import ElvesCore

/// Everything that a run left behind, in the checker's words. Tasks are 16 hex digits.
package struct Evidence: Sendable {
    /// A task's record at the center.
    package struct Record: Sendable, Hashable {
        package var task: String
        package var state: TaskState
        package var attempt: Int
        package var agent: String
        package var code: String
        /// Empty when it is not part of a batch.
        package var batch: String

        package init(
            task: String, state: TaskState, attempt: Int = 1, agent: String = "", code: String = "", batch: String = ""
        ) {
            self.task = task
            self.state = state
            self.attempt = attempt
            self.agent = agent
            self.code = code
            self.batch = batch
        }
    }

    /// What an agent's journal says of an attempt.
    package struct Entry: Sendable, Hashable {
        package var agent: String
        package var task: String
        package var attempt: Int
        /// Whether its worker was asked to start.
        package var started: Bool
        package var ended: Bool
        /// Whether the center has said that the result is recorded.
        package var recorded: Bool

        package init(
            agent: String, task: String, attempt: Int = 1, started: Bool = true, ended: Bool = true,
            recorded: Bool = true
        ) {
            self.agent = agent
            self.task = task
            self.attempt = attempt
            self.started = started
            self.ended = ended
            self.recorded = recorded
        }
    }

    /// A line that a worker wrote by itself.
    package struct Mark: Sendable, Hashable {
        package enum Kind: String, Sendable { case begin, end }

        package var agent: String
        package var task: String
        package var attempt: Int
        package var kind: Kind

        package init(agent: String, task: String, attempt: Int = 1, kind: Kind) {
            self.agent = agent
            self.task = task
            self.attempt = attempt
            self.kind = kind
        }
    }

    /// An end as somebody was told of it: the owner by the results cursor, a reader of events, a caller.
    package struct Result: Sendable, Hashable {
        package var task: String
        package var state: TaskState

        package init(task: String, state: TaskState) {
            self.task = task
            self.state = state
        }
    }

    /// Tasks whose acceptance some caller was told of.
    package var acknowledged: Set<String> = []
    /// Those of them that belong to the owner of the results cursor.
    package var owned: Set<String> = []
    /// Batches whose acceptance some caller was told of, with the number of their targets.
    package var batches: [String: Int] = [:]
    /// Every record; a task that has two is there twice.
    package var records: [Record] = []
    package var entries: [Entry] = []
    package var marks: [Mark] = []
    package var results: [Result] = []
    /// `task.ended` events, in their order.
    package var events: [Result] = []
    /// Ends that callers were told of as they asked or waited.
    package var told: [Result] = []
    /// Processes of workers that still live, as they are found.
    package var leftovers: [String] = []

    package init() {}
}
