/// How a worker ended.
package struct WorkerEnd: Sendable, Hashable {
    package var key: AttemptKey
    package var status: WorkerStatus
    /// Its time ran out, so it was ended.
    package var timedOut = false
    /// Someone asked for its end.
    package var killed = false
    package var output = CapturedBytes()
    package var errors = CapturedBytes()
    /// Descriptor 3, at most the order's limit; empty when it was longer.
    package var result: [UInt8] = []
    package var resultTooLong = false
    /// From start to end.
    package var cost: Duration = .zero
    /// From request to start.
    package var spawnCost: Duration = .zero
    /// Processes that the worker left behind and that were ended.
    package var leftovers = 0
    /// Processes that outlived KILL; 0 is what is promised.
    package var survivors = 0
    /// Bytes that it wrote to standard output and to standard error.
    package var outputBytes: Int64 = 0
    package var errorBytes: Int64 = 0
    /// Bytes of output in the copy.
    ///
    /// `nil`: there is no copy.
    package var copiedBytes: Int64?

    package init(key: AttemptKey, status: WorkerStatus) {
        self.key = key
        self.status = status
    }
}

/// What the kernel says of a worker's end.
package enum WorkerStatus: Sendable, Hashable {
    case exited(Int32)
    case signaled(Int32)
    /// It never started, and why.
    case notStarted(String)
    /// It outlived KILL: its state is not known.
    case stuck
}

/// Bytes that a worker wrote, shortened to a limit.
package struct CapturedBytes: Sendable, Hashable {
    package var head: [UInt8] = []
    /// Empty unless bytes were dropped.
    package var tail: [UInt8] = []
    /// Bytes between head and tail that were not kept.
    package var dropped: Int64 = 0

    package init(head: [UInt8] = [], tail: [UInt8] = [], dropped: Int64 = 0) {
        self.head = head
        self.tail = tail
        self.dropped = dropped
    }

    /// Bytes that came, kept or not.
    package var count: Int64 { Int64(head.count + tail.count) + dropped }
}
