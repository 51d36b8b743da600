internal import ElvesClient
internal import ElvesCore

/// A target that no agent answers to, as a line of JSON beside those of tasks: it has no task and no agent.
struct UnmatchedTarget: Sendable, Encodable {
    let target: String
    let app: String
    let function: String
    let state = ElvesClient.TaskState.unreachable
    let code = ErrorCode.heartbeatTargetNone.code
    let message: String

    /// `target` is a word of the caller's targets.
    init(_ target: String, app: String, function: String) {
        self.target = target
        self.app = app
        self.function = function
        message = "no agent matches \(target)"
    }
}
