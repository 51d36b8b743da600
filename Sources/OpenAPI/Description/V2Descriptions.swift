import ElvesCore

/// What `/openapi.json` says of the `/api/v2` calls.
extension RouteDescription {
    /// A signed call with its own parameters before the common ones.
    static func v2(_ id: String, _ summary: String, _ parameters: [Parameter], result: String?) -> RouteDescription {
        RouteDescription(
            id: id, tag: "v2", summary: summary, security: .v2, query: parameters + signature,
            outcomes: [.init(status: 200, text: "The envelope.", schema: result ?? "V2Envelope")])
    }

    private static let signature: [Parameter] = [
        .init(name: "auth_id", text: "The key's id.", isRequired: true),
        .init(name: "timestamp", text: "Unix seconds.", isRequired: true),
        .init(name: "sign_type", text: "MD5 or HMAC-SHA256, in any case.", isRequired: true),
        .init(name: "sign", text: "The signature in hex.", isRequired: true),
        .init(name: "nonce", text: "Any text, accepted once per key."),
    ]
}

extension V2ExecRoute {
    static let description = RouteDescription.v2(
        "exec", "Run a function on one agent and wait for its end",
        [
            .init(name: "app", text: "The app.", isRequired: true),
            .init(name: "func", text: "The function.", isRequired: true),
            .init(name: "ip", text: "The agent's ip.", isRequired: true),
            .init(name: "param", text: "JSON text, handed to the worker as it is."),
            .init(name: "timeout", text: "Seconds that the worker may run; 90 unless given, 0 is no limit."),
            .init(name: "proxy", text: "`interpreter|file` or `file`, instead of the app's entry."),
        ], result: "V2ExecEnvelope")
}

extension V2InfoRoutes {
    static func appDescription(_ id: String) -> RouteDescription {
        .v2(
            id, "The key's app", [.init(name: "app", text: "Which app, for a key with the right to several.")],
            result: "V2AppEnvelope")
    }

    static let agentsDescription = RouteDescription.v2(
        "infoAgents", "Ips that the key may reach", [], result: "V2AgentsEnvelope")
    static let detailDescription = RouteDescription.v2(
        "infoAgentDetail", "One agent",
        [
            .init(name: "ip", text: "The agent's ip.", isRequired: true),
            .init(name: "showcron", text: "`true` lists the agent's cron jobs too; needs the cron module."),
        ], result: "V2AgentEnvelope")
}

extension V2ModuleRoutes {
    static func description(of module: String, _ name: String) -> RouteDescription {
        .v2("\(module)\(name.prefix(1).uppercased())\(name.dropFirst())", "Needs the \(module) module", [], result: nil)
    }
}
