/// The one error type of Elves: a registry entry, and what happened this time.
package struct ElvesError: Error, Sendable {
    /// What kind of problem it is.
    package let code: ErrorCode
    /// What was wrong, in one sentence that names the things concerned.
    package let message: String
    /// What would be right or what to try: this error's own words, or the registry's.
    package let hint: String
    /// Names and values that the message is about, such as `app` = `hello`.
    package let details: [String: String]
    /// Whether the same call may succeed later without a change.
    package let isRetryable: Bool
    /// What led to it.
    package let cause: (any Error)?

    /// An error of this program.
    ///
    /// An empty message stands for the registry's title, an empty hint for its hint.
    package init(
        _ code: ErrorCode, _ message: String = "", hint: String = "", details: [String: String] = [:],
        retryable: Bool? = nil, cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message.isEmpty ? code.title : message
        self.hint = hint.isEmpty ? code.hint : hint
        self.details = details
        isRetryable = retryable ?? code.isRetryable
        self.cause = cause
    }

    /// An error that another program reported, whose code may be newer than this registry.
    package init(code: String, message: String, hint: String, retryable: Bool, details: [String: String]) {
        self.init(
            .named(code, retryable: retryable), message, hint: hint, details: details, retryable: retryable)
    }

    /// `error` itself when it is one of ours, else an error of the fitting entry that it caused.
    package init(wrapping error: any Error) {
        switch error {
        case let known as ElvesError: self = known
        case let problem as JSONError: self.init(.elvesJsonInvalid, "not valid JSON: \(problem)", cause: error)
        case is CancellationError: self.init(.elvesCancelled, cause: error)
        default: self.init(.elvesInternal, "\(error)", cause: error)
        }
    }
}

extension ElvesError: CustomStringConvertible {
    /// `message (code)`, then the hint and the cause.
    package var description: String {
        var text = "\(message) (\(code.code))"
        if !hint.isEmpty { text += "; \(hint)" }
        if let cause { text += "; cause: \(cause)" }
        return text
    }
}
