internal import ElvesCore

/// One attempt at a task: what a worker is started for, once.
package struct AttemptKey: Hashable, Sendable {
    package var taskId: Int64
    package var attempt: Int32

    package init(taskId: Int64, attempt: Int32 = 1) {
        self.taskId = taskId
        self.attempt = attempt
    }

    /// The worker's `ELVES_TASK`: its descendants inherit it and are found by it.
    package var marker: String {
        "\(Hex.encode(UInt64(bitPattern: taskId))).\(attempt)"
    }

    /// What a descendant is found by that cleared its environment (`elves_tree_mark`): from 2^62 on, so that it is no
    /// limit that anybody sets; two attempts have one mark with a chance of 2^-62.
    var mark: UInt64 {
        // The finalizer of SplitMix64.
        var mark = UInt64(bitPattern: taskId) &+ UInt64(UInt32(bitPattern: attempt)) &* 0x9E37_79B9_7F4A_7C15
        mark = (mark ^ mark >> 30) &* 0xBF58_476D_1CE4_E5B9
        mark = (mark ^ mark >> 27) &* 0x94D0_49BB_1331_11EB
        return (mark ^ mark >> 31) >> 2 | 1 << 62
    }
}

/// A worker to start.
package struct WorkerOrder: Sendable {
    package var key: AttemptKey
    /// Absolute path of the program, then its arguments.
    package var command: [String]
    package var workingFolder: String
    /// The whole environment; the task marker is added to it.
    package var environment: [String: String]
    /// Bytes for standard input, which is then closed.
    package var input: [UInt8]
    /// From the worker's start.
    ///
    /// `nil`: no limit.
    package var timeout: Duration?
    /// Between TERM and KILL.
    package var grace: Duration
    /// Bytes of standard output and of standard error that are kept, head and tail together.
    package var outputLimit: Int
    /// Bytes of descriptor 3 that are kept.
    ///
    /// `nil`: the worker has no descriptor 3.
    package var resultLimit: Int?
    /// File mode bits that the worker's files are made without.
    package var umask: UInt32 = 0o022
    /// Where both outputs are copied to, if they are.
    package var copy: OutputCopyOrder?

    package init(
        key: AttemptKey, command: [String], workingFolder: String = "/", environment: [String: String] = [:],
        input: [UInt8] = [], timeout: Duration? = nil, grace: Duration = .seconds(5), outputLimit: Int = 1 << 20,
        resultLimit: Int? = nil
    ) {
        self.key = key
        self.command = command
        self.workingFolder = workingFolder
        self.environment = environment
        self.input = input
        self.timeout = timeout
        self.grace = grace
        self.outputLimit = outputLimit
        self.resultLimit = resultLimit
    }
}
