package import ElvesCore

/// Which of a worker's two outputs.
package enum WorkerStream: UInt8, Sendable, Hashable, CaseIterable {
    case stdout = 1
    case stderr = 2

    var other: WorkerStream { self == .stdout ? .stderr : .stdout }
}

/// A count for each of a worker's two outputs.
struct StreamCounts: Sendable, Hashable {
    var stdout: Int64 = 0
    var stderr: Int64 = 0

    var total: Int64 { stdout + stderr }

    /// How many of each may be among `bytes` of both, when nobody can tell: as many of `first` as there are.
    func share(of bytes: Int64, first: WorkerStream) -> StreamCounts {
        var share = StreamCounts()
        share[first] = min(bytes, self[first])
        share[first.other] = bytes - share[first]
        return share
    }

    subscript(stream: WorkerStream) -> Int64 {
        get { stream == .stdout ? stdout : stderr }
        set {
            if stream == .stdout { stdout = newValue } else { stderr = newValue }
        }
    }
}

/// A piece of output as an agent sends it.
package struct OutputPiece: Sendable, Hashable {
    /// Bytes of both outputs before it.
    package var offset: Int64
    package var stream: WorkerStream
    package var bytes: [UInt8]
    /// Bytes of this stream that are missing before `bytes`.
    package var dropped: Int64
    /// Nothing of this attempt follows.
    package var isLast: Bool

    /// Creates a piece.
    package init(
        offset: Int64, stream: WorkerStream = .stdout, bytes: [UInt8] = [], dropped: Int64 = 0, isLast: Bool = false
    ) {
        self.offset = offset
        self.stream = stream
        self.bytes = bytes
        self.dropped = dropped
        self.isLast = isLast
    }

    var end: Int64 { offset + Int64(bytes.count) }
}

/// What is still taken of an attempt's output.
package struct OutputGrant: Sendable, Hashable {
    /// The offset that is wanted next.
    package var wanted: Int64
    /// Bytes that are still taken from there on; 0: no more, but word that the output has ended.
    package var credit: Int64

    /// Creates a grant.
    package init(wanted: Int64, credit: Int64) {
        self.wanted = wanted
        self.credit = credit
    }
}

/// A run of one stream, as it is read.
package struct OutputRun: Sendable, Hashable {
    package var stream: WorkerStream
    package var bytes: [UInt8]
    /// Bytes of this stream that are missing before `bytes`.
    package var dropped: Int64

    /// Creates a run.
    package init(stream: WorkerStream, bytes: [UInt8] = [], dropped: Int64 = 0) {
        self.stream = stream
        self.bytes = bytes
        self.dropped = dropped
    }
}

/// Output of a task from a place on.
package struct TaskOutputPage: Sendable, Hashable {
    package var runs: [OutputRun]
    /// Pass as `after` for the next page.
    package var nextAfter: Int64
    /// Whether the task ended and nothing follows.
    package var done: Bool
    package var state: TaskState
    /// Whose output it is.
    package var attempt: Int32

    /// Creates a page.
    package init(runs: [OutputRun], nextAfter: Int64, done: Bool, state: TaskState, attempt: Int32) {
        self.runs = runs
        self.nextAfter = nextAfter
        self.done = done
        self.state = state
        self.attempt = attempt
    }
}

extension [OutputRun] {
    /// Adds a run, joined to the one before where nothing is missing between them.
    mutating func add(_ run: OutputRun) {
        if run.dropped == 0, let last = indices.last, self[last].stream == run.stream {
            self[last].bytes += run.bytes
        } else {
            append(run)
        }
    }
}
