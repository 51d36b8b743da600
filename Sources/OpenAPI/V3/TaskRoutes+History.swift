import ElvesContracts
import ElvesCore
import Hummingbird

/// `GET /api/v3/tasks`: what was run.
extension TaskRoutes {
    /// Pages of the scheduler that one answer looks at; those of tasks outside the key's scope are passed over.
    private static let mostPages = 10

    @Sendable func list(_ call: V3Call) async throws -> Response {
        let limit = Int(try call.query.int("limit", in: 1...1000) ?? 100)
        var query = try TaskQuery(call.query, key: call.key)
        try access.require(
            call.key, app: call.query["app"], function: call.query["function"])
        if let target = call.query["agent"] {
            let agent = try await agent(target, call)
            try await access.require(call.key, agent: agent, call.port)
            if agent.id != 0 { query.agentId = agent.id } else { query.ip = agent.ip }
        }
        let isLimited = call.key.scope != KeyEntry.Scope(admin: call.key.scope.admin)
        var tasks: [TaskRecord] = []
        var next: Int64 = 0
        for _ in 0..<Self.mostPages {
            query.limit = Int32(isLimited ? min(1000, limit * 4) : limit - tasks.count)
            let page = try await scheduler.tasks(query, call.port)
            next = page.nextBefore
            let visible = try await access.visible(call.key, page.tasks, call.port)
            let room = limit - tasks.count
            tasks += visible.prefix(room)
            if visible.count > room, let last = tasks.last { next = last.id }
            guard next != 0, tasks.count < limit else { break }
            query.before = next
        }
        return Answer.json(capacity: 1024 * (1 + tasks.count)) { [tasks, next] json in
            json.object { json in
                json.key("tasks")
                json.array(tasks) { $0.task($1) }
                json.member("next", orNull: next == 0 ? nil : String(next))
            }
        }
    }

    /// The agent that the query names; one that is gone can still be named by ip or id.
    private func agent(_ target: String, _ call: V3Call) async throws -> AgentName {
        do {
            return try await agents.agent(target, call.port)
        } catch let error as ElvesError where error.code == .openapiAgentUnknown {
            guard let literal = AgentDirectory.literal(target) else { throw error }
            return literal
        }
    }
}

extension TaskQuery {
    /// The filters of a query but for the agent. A scope of one app or one function narrows it, so that the scheduler
    /// need not look at what the key may not see.
    init(_ query: Query, key: KeyEntry) throws(ElvesError) {
        self.init()
        func only(_ names: Set<String>) -> String { names.count == 1 ? names.first ?? "" : "" }
        app = query["app"] ?? only(key.scope.apps)
        `func` = query["function"] ?? only(key.scope.functions)
        states = try query.words("state").map { word throws(ElvesError) in try StateName.parse(word) }
        for text in query.all("label") {
            guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else {
                throw Query.wrong("label", "label is NAME:VALUE, such as ticket:OPS-12, not \"\(text)\"")
            }
            labels[String(text[..<colon])] = String(text[text.index(after: colon)...])
        }
        caller = query["caller"] ?? ""
        if let text = query["batch"] {
            guard let id = ElvesID(text) else {
                throw ElvesError(.elvesIdInvalid, "\"\(text)\" is not an id of 16 hex digits")
            }
            batchId = id.rawValue
        }
        createdSince = try query.time("since") ?? 0
        createdBefore = try query.time("until") ?? 0
        before = try query.int("after", in: 0...Int64.max) ?? 0
    }
}
