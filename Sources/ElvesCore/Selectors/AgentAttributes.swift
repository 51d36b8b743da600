/// What selectors and targets can ask of an agent, made ready for matching.
package struct AgentAttributes: Sendable {
    /// The agent's id.
    package let id: ElvesID
    /// Its address as text.
    package let ip: String
    /// Its asset name; empty when it has none.
    package let name: String
    /// Its address as a number; nil when the text is none.
    package let address: IPAddress?
    /// What selectors see: the labels, and the built-in keys `name`, `ip`, `version`, `os`, `arch` and `zone`.
    package let values: [String: String]

    /// Facts that count as built-in keys.
    private static let builtInFacts = ["os", "arch", "zone"]

    /// An agent as heartbeat knows it.
    ///
    /// `name`, `ip` and `version` always come from the arguments; `os`, `arch` and `zone` from the facts,
    /// or from the labels where the facts say nothing. An empty built-in value counts as absent.
    package init(
        id: ElvesID, ip: String, name: String, version: String = "", labels: [String: String] = [:],
        facts: [String: String] = [:]
    ) {
        self.id = id
        self.ip = ip
        self.name = name
        address = IPAddress(ip)
        var values = labels
        for key in Self.builtInFacts {
            if let fact = facts[key], !fact.isEmpty { values[key] = fact }
        }
        for (key, value) in [("name", name), ("ip", ip), ("version", version)] {
            values[key] = value.isEmpty ? nil : value
        }
        self.values = values
    }
}
