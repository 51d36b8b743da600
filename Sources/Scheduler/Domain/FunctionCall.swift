/// Which function of which app is to run, with what: the part that all tasks of a batch share.
package struct FunctionCall: Sendable, Hashable {
    package var app: String
    package var function: String
    /// JSON text as the caller wrote it; nil when the caller gave none.
    package var param: String?
    /// Milliseconds from the worker's start; 0 means no limit, nil the manifest's.
    package var timeoutMs: Int64?
    /// ELVES 2.0 `proxy`: `interpreter|file` or `file`.
    package var proxy: String?
    package var labels: [String: String]
    /// Laid into the worker's folder before it starts.
    package var files: [TaskFile]

    /// Creates a call.
    package init(
        app: String, function: String, param: String? = nil, timeoutMs: Int64? = nil, proxy: String? = nil,
        labels: [String: String] = [:], files: [TaskFile] = []
    ) {
        self.app = app
        self.function = function
        self.param = param
        self.timeoutMs = timeoutMs
        self.proxy = proxy
        self.labels = labels
        self.files = files
    }
}

/// A file that goes with a call, or comes back from its worker.
package struct TaskFile: Sendable, Hashable {
    /// A name without `/`.
    package var name: String
    /// SHA-256 of the content.
    package var digest: [UInt8]
    /// Bytes.
    package var size: Int64
    /// Permission bits.
    package var mode: Int32

    /// Creates a file's description.
    package init(name: String, digest: [UInt8], size: Int64, mode: Int32 = 0o644) {
        self.name = name
        self.digest = digest
        self.size = size
        self.mode = mode
    }
}
