/// Who is alive, and what runs where.
extension ErrorCode {
    /// Unknown agent.
    package static let heartbeatAgentUnknown = ErrorCode(
        "heartbeat.agent.unknown", "Unknown agent", 404, .caller, elves2: .agentNotFound,
        hint: "Try: elves agents.")
    /// A name that several agents have.
    package static let heartbeatAgentAmbiguous = ErrorCode(
        "heartbeat.agent.ambiguous", "A name that several agents have", 409, .caller, elves2: .agentNotFound,
        hint: "Use the id or the ip: elves agents.")
    /// The targets hit no agent.
    package static let heartbeatTargetNone = ErrorCode(
        "heartbeat.target.none", "The targets hit no agent", 404, .caller, elves2: .ip,
        hint: "Try the selector with: elves agents --on TARGETS.")
    /// A beat that makes no sense.
    package static let heartbeatBeatInvalid = ErrorCode(
        "heartbeat.beat.invalid", "A beat that makes no sense", 400, .elves,
        hint: "Compare the versions of agent and center.")
    /// No such file.
    package static let heartbeatFileUnknown = ErrorCode(
        "heartbeat.file.unknown", "No such file", 404, .operator, retryable: true,
        hint: "The desired state changed: the agent asks again after its next beat.")
    /// A file of an app that the agent should not have.
    package static let heartbeatFileDenied = ErrorCode(
        "heartbeat.file.denied", "A file of an app that the agent should not have", 403, .operator,
        hint: "Bind the app to the agent first.")
    /// A part outside the file.
    package static let heartbeatFileRange = ErrorCode(
        "heartbeat.file.range", "A part outside the file", 400, .elves,
        hint: "Ask for an offset inside the file and at most 256 KiB.")
    /// Too many agents.
    package static let heartbeatInventoryFull = ErrorCode(
        "heartbeat.inventory.full", "Too many agents", 507, .operator,
        hint: "Raise the limit of agents, or remove those that are gone.")
    /// A label that cannot be used.
    package static let heartbeatLabelInvalid = ErrorCode(
        "heartbeat.label.invalid", "A label that cannot be used", 400, .operator,
        hint: "Labels follow the Kubernetes rules: 63 letters, digits, '-', '_' and '.'.")

    static let heartbeat: [ErrorCode] = [
        heartbeatAgentUnknown, heartbeatAgentAmbiguous, heartbeatTargetNone, heartbeatBeatInvalid, heartbeatFileUnknown,
        heartbeatFileDenied, heartbeatFileRange, heartbeatInventoryFull, heartbeatLabelInvalid,
    ]
}
