extension ElvesCenter {
    /// One page of the agents that a target text hits, or of all.
    public func agents(
        on targets: String? = nil, exclude: String? = nil, after cursor: Cursor? = nil, limit: Int = 500
    ) async throws(CenterError) -> AgentPage {
        try await ask(
            Call(
                .get, ["api", "v3", "agents"],
                query: [
                    ("on", targets), ("exclude", exclude), ("after", cursor?.text), ("limit", String(limit)),
                ]))
    }

    /// Every agent that a target text hits, or all, page after page.
    public func allAgents(
        on targets: String? = nil, exclude: String? = nil
    ) async throws(CenterError) -> [AgentRecord] {
        var agents: [AgentRecord] = []
        var cursor: Cursor?
        repeat {
            let page = try await self.agents(on: targets, exclude: exclude, after: cursor)
            agents += page.agents
            cursor = page.next
        } while cursor != nil
        return agents
    }

    /// The agent of that id, ip or name.
    public func agent(_ reference: String) async throws(CenterError) -> AgentRecord {
        try await ask(Call(.get, ["api", "v3", "agents", reference]))
    }

    /// The agents that a target text hits now.
    public func resolve(_ targets: String, exclude: String? = nil) async throws(CenterError) -> Resolution {
        try await ask(Call(.get, ["api", "v3", "resolve"], query: [("on", targets), ("exclude", exclude)]))
    }

    /// The center's components and how each stands.
    public func components() async throws(CenterError) -> [ComponentRecord] {
        struct Answer: Decodable { var components: [ComponentRecord] }
        return try await ask(Call(.get, ["api", "v3", "components"]), as: Answer.self).components
    }

    /// Whether the center says that it can do its work.
    ///
    /// Needs no key.
    public func isReady() async throws(CenterError) -> Bool {
        try await exchange(Call(.get, ["readyz"], patience: .seconds(5))).status == 200
    }
}
