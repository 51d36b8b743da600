import ElvesCore

/// The shapes of docs/reference/rest.md as JSON Schema.
extension SchemaNames {
    static let requests = members([
        "TaskRequest": object(
            required: ["app", "function", "target"],
            [
                "app": text, "function": text, "target": text, "param": anything, "timeout": seconds, "proxy": text,
                "labels": map,
            ]),
        "BatchRequest": object(
            required: ["app", "function", "targets"],
            [
                "app": text, "function": text, "targets": text, "exclude": text, "param": anything,
                "timeout": seconds, "concurrency": integer, "labels": map,
            ]),
        "ActivateRequest": object(["version": text]),
        "BindRequest": object(["targets": text]),
        "KeyRequest": object(
            required: [],
            [
                "comment": text, "apps": texts, "functions": texts, "agents": texts, "admin": flag,
                "legacy_md5": flag, "require_nonce": flag,
            ]),
    ])

    static let taskShapes = members([
        "Output": object(["head": text, "tail": text, "dropped": integer]),
        "TaskAgent": object(["id": id, "ip": text, "name": text]),
        "TaskState": ["type": "string", "enum": .array(TaskState.allCases.map { .string($0.name) })],
        "Task": object([
            "id": id, "batch_id": textOrNull, "app": text, "function": text, "param": anything,
            "agent": ref("TaskAgent"), "state": ref("TaskState"), "attempt": integer, "result": anything,
            "message": text, "flag": integer, "code": textOrNull, "version": textOrNull, "exit_code": integerOrNull,
            "signal": integerOrNull, "cost_ms": integer, "timeout_ms": integer, "stdout": ref("Output"),
            "stderr": ref("Output"), "created_at": time, "dispatched_at": time, "ended_at": time, "labels": map,
            "trace": text,
        ]),
        "Hop": object(["place": text, "event": text, "at_us": integer, "rule": text]),
        "TaskExplanation": object(["task": ref("Task"), "hops": list(ref("Hop"))]),
        "Batch": object([
            "id": id, "app": text, "function": text, "total": integer,
            "states": ["type": "object", "additionalProperties": ["type": "integer"]], "concurrency": integer,
            "created_at": time, "ended_at": time, "labels": map,
        ]),
        "BatchEnds": object(["tasks": list(ref("Task")), "next": text, "done": flag]),
    ])

    static let fleetShapes = members([
        "InstalledApp": object(["app": text, "version": text, "problem": textOrNull]),
        "Agent": object([
            "id": id, "ip": text, "name": text, "version": text, "alive": flag, "last_beat_at": time,
            "first_seen_at": time, "labels": map, "facts": map, "apps": list(ref("InstalledApp")),
        ]),
        "AgentPage": object(["agents": list(ref("Agent")), "next": textOrNull]),
        "AgentRef": object(["id": id, "ip": text, "name": text, "alive": flag]),
        "Resolution": object(["agents": list(ref("AgentRef")), "generation": integer, "unmatched": texts]),
        "Function": object([
            "name": text, "summary": text, "timeout_ms": integer, "idempotent": flag, "param_schema": anything,
        ]),
        "Binding": object(["targets": text, "created_at": time]),
        "App": object(
            required: ["app", "summary", "live_version", "versions", "bindings", "updated_at"],
            [
                "app": text, "summary": text, "live_version": textOrNull, "versions": texts,
                "bindings": list(ref("Binding")), "updated_at": time, "functions": list(ref("Function")),
            ]),
        "AppList": object(["apps": list(ref("App"))]),
        "PushResult": object([
            "app": text, "version": text, "digest": text, "files": integer, "activated": flag,
        ]),
        "Component": object([
            "role": text, "instance": text, "version": text, "uptime_ms": integer, "ready": flag, "reason": text,
            "numbers": ["type": "object", "additionalProperties": ["type": "integer"]],
        ]),
        "ComponentList": object(["components": list(ref("Component"))]),
    ])

    static let keyShapes = members([
        "Key": object(keyMembers),
        "NewKey": ["allOf": [ref("Key"), object(["secret": text, "token": text])]],
        "KeyList": object(["keys": list(ref("Key"))]),
        "Problem": object([
            "type": ["type": "string", "format": "uri"], "title": text, "status": integer, "code": text,
            "detail": text, "hint": text, "retryable": flag, "trace": text, "details": map,
        ]),
        "Health": object(["status": text, "reason": text]),
    ])

    private static let keyMembers: KeyValuePairs<String, JSONValue> = [
        "id": text, "comment": text, "apps": texts, "functions": texts, "agents": texts, "admin": flag,
        "legacy_md5": flag, "require_nonce": flag, "created_at": time, "revoked": flag,
    ]

    static let v2Shapes = members([
        "V2Envelope": envelope(nil),
        "V2ExecEnvelope": envelope(
            object(["id": text, "worker_flag": integer, "worker_message": text, "worker_costtime": integer])),
        "V2AppEnvelope": envelope(object(["app": text, "app_name": text, "app_ver": text, "last_update_time": text])),
        "V2AgentsEnvelope": envelope(texts),
        "V2AgentEnvelope": envelope(
            object(["ip": text, "asset": text, "last_hb_time": text, "cron_list": list(anything)])),
    ])

    private static func envelope(_ result: JSONValue?) -> JSONValue {
        let flag: JSONValue = ["type": "string", "enum": ["true", "false"]]
        guard let result else { return object(["flag": flag, "error": text]) }
        return object(required: ["flag", "error"], ["flag": flag, "error": text, "result": result])
    }
}
