internal import ElvesCore

extension ElvesError {
    /// What a task ends with whose end was asked for before its worker started.
    static var withdrawn: ElvesError {
        ElvesError(.schedulerTaskCancelled, "stopped by request before it started")
    }

    /// The end of an attempt that nobody knows, after what was left of it was killed.
    ///
    /// - Parameter survivors: how many of its processes outlived that.
    static func lost(
        _ code: ErrorCode, _ what: String, survivors: Int, cause: (any Error)? = nil
    ) -> ElvesError {
        let words = survivors > 0 ? "; \(survivors) of its processes outlived KILL" : ""
        return ElvesError(code, what + words, details: [survivorsName: "\(survivors)"], cause: cause)
    }

    /// Processes of the task that outlived its end; nil when nobody looked.
    var survivors: Int? { details[Self.survivorsName].flatMap { Int($0) } }

    private static let survivorsName = "survivors"
}
