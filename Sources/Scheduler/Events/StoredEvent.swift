import ElvesCore

/// Events as JSON text inside a row: all of it, for deliveries and for events that no record tells of.
enum StoredEvent {
    static func text(_ event: SchedulerEvent) -> String {
        var object = JSONObject()
        func put(_ name: String, _ text: String) { if !text.isEmpty { object[name] = .string(text) } }
        object["id"] = .int(event.id)
        object["at"] = .int(event.at)
        put("kind", event.kind.name)
        if let task = event.task { object["task"] = .int(task.rawValue) }
        if let batch = event.batch { object["batch"] = .int(batch.rawValue) }
        if let agent = event.target.id { object["agent"] = .int(agent.rawValue) }
        put("ip", event.target.ip)
        put("name", event.target.name)
        put("app", event.app)
        put("function", event.function)
        put("version", event.version)
        if let state = event.state { object["state"] = .int(Int64(state.rawValue)) }
        put("code", event.code)
        put("caller", event.caller)
        if !event.labels.isEmpty { object["labels"] = labels(event.labels) }
        put("message", event.message)
        return JSONValue.object(object).text()
    }

    static func read(_ text: String) -> SchedulerEvent? {
        guard let value = try? JSONValue(parsing: text), let at = value["at"]?.int,
            let kind = value["kind"]?.string.flatMap(EventKind.init(name:))
        else { return nil }
        func id(_ name: String) -> ElvesID? { value[name]?.int.flatMap(ElvesID.init(rawValue:)) }
        func string(_ name: String) -> String { value[name]?.string ?? "" }
        var event = SchedulerEvent(at: at, kind: kind)
        event.id = value["id"]?.int ?? 0
        event.task = id("task")
        event.batch = id("batch")
        event.target = TaskTarget(id: id("agent"), ip: string("ip"), name: string("name"))
        event.app = string("app")
        event.function = string("function")
        event.version = string("version")
        event.state = value["state"]?.int.flatMap { TaskState(rawValue: Int32(clamping: $0)) }
        event.code = string("code")
        event.caller = string("caller")
        event.labels = (value["labels"]?.object ?? JSONObject()).reduce(into: [:]) { $0[$1.name] = $1.value.string }
        event.message = string("message")
        return event
    }

    static func labels(_ labels: [String: String]) -> JSONValue {
        var object = JSONObject()
        for (name, value) in labels.sorted(by: { $0.key < $1.key }) { object[name] = .string(value) }
        return .object(object)
    }
}
