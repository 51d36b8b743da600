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

    /// Creates a call.
    package init(
        app: String, function: String, param: String? = nil, timeoutMs: Int64? = nil, proxy: String? = nil,
        labels: [String: String] = [:]
    ) {
        self.app = app
        self.function = function
        self.param = param
        self.timeoutMs = timeoutMs
        self.proxy = proxy
        self.labels = labels
    }
}
