/// An error code of ELVES 2.0, as `/api/v2` answers it.
package struct Elves2Code: Hashable, Sendable {
    /// Such as `401.5`.
    package let code: String
    /// The text that ELVES 2.0 sends with it.
    package let text: String

    /// `[CODE]Text`, the form of every `error` in the envelope.
    package var envelope: String { "[\(code)]\(text)" }

    /// `[CODE]Text: detail`; the plain envelope when there is no detail.
    package func envelope(detail: String) -> String { detail.isEmpty ? envelope : "\(envelope): \(detail)" }

    private init(_ code: String, _ text: String) {
        self.code = code
        self.text = text
    }

    // 401: who asks, and may they. 401.2 is in the manual; the center never sent it.
    static let missingSignParam = Elves2Code("401.1", "Unauthorized Missing Sign Param")
    static let authIdIllegal = Elves2Code("401.2", "Unauthorized AuthId Is Illegal")
    static let signType = Elves2Code("401.3", "Unauthorized SignType Is Illegal")
    static let signLength = Elves2Code("401.4", "Unauthorized Sign Length Is Illegal")
    static let signError = Elves2Code("401.5", "Unauthorized Sign Error")
    static let permissionDenied = Elves2Code("401.6", "Unauthorized AuthId Permission Denied")
    static let signTimeout = Elves2Code("401.7", "Unauthorized Sign Timeout")
    static let timestamp = Elves2Code("401.8", "Unauthorized Timestamp Is Illegal")

    // 402: a component that is not there.
    static let noSupervisor = Elves2Code("402.1", "Require Module (supervisor) Not Enabled")
    static let noCron = Elves2Code("402.2", "Require Module (cron) Not Enabled")
    static let noQueue = Elves2Code("402.3", "Require Module (queue) Not Enabled")

    // 403: parameters.
    static let ip = Elves2Code("403.1", "Request Params (ip) Illegal")
    static let param = Elves2Code("403.2", "Request Params (param) Illegal")
    static let app = Elves2Code("403.3", "Request Params (app) Illegal")
    static let mode = Elves2Code("403.4", "Request Params (mode) Illegal")
    static let rule = Elves2Code("403.5", "Request Params (cron-rule) Illegal")
    static let queueId = Elves2Code("403.6", "Request Params (queue_id) Illegal")
    static let function = Elves2Code("403.7", "Request Params (func) Illegal")
    static let timeout = Elves2Code("403.8", "Request Params (timeout) Illegal")
    static let cronId = Elves2Code("403.9", "Request Params (cron_id) Illegal")

    // 410: sending to agents. From 410.2 on the words are ours.
    static let sendFailed = Elves2Code("410.0", "Send Job To Agent Fail")
    static let unreachable = Elves2Code("410.1", "Send Job To Agent Fail")
    static let rejected = Elves2Code("410.2", "Agent Refused The Job")
    static let expired = Elves2Code("410.3", "Job Start Time Passed")
    static let unknown = Elves2Code("410.4", "Job End Is Unknown")
    static let stopped = Elves2Code("410.5", "Job Was Stopped")

    // 411 to 414: things that are not there, or not so. 412.5 is ours.
    static let cronNotFound = Elves2Code("411.1", "Not Find Cron Job To Operate")
    static let queueNotFound = Elves2Code("412.1", "Queue Not Found")
    static let queueStatus = Elves2Code("412.2", "Queue Status Incorrect")
    static let stopTask = Elves2Code("412.3", "Stop Task Error")
    static let dependTaskNotFound = Elves2Code("412.4", "Depend Task Not Found")
    static let dependTaskFailed = Elves2Code("412.5", "Depend Task Failed")
    static let authIdNotFound = Elves2Code("413.1", "AuthId Not Found")
    static let appNotFound = Elves2Code("413.2", "App Not Found")
    static let agentNotFound = Elves2Code("414.1", "Agent Info Not Found")

    static let internalError = Elves2Code("500", "Internal ServerError")

    /// Every code, in the order of the contract.
    package static let all: [Elves2Code] = [
        missingSignParam, authIdIllegal, signType, signLength, signError, permissionDenied, signTimeout, timestamp,
        noSupervisor, noCron, noQueue,
        ip, param, app, mode, rule, queueId, function, timeout, cronId,
        sendFailed, unreachable, rejected, expired, unknown, stopped,
        cronNotFound, queueNotFound, queueStatus, stopTask, dependTaskNotFound, dependTaskFailed,
        authIdNotFound, appNotFound, agentNotFound, internalError,
    ]
}
