import ElvesCore

/// The shapes of docs/reference/rest.md as JSON Schema.
extension SchemaNames {
    static let requests = members([
        "TaskRequest": object(
            required: ["app", "function", "target"],
            [
                "app": text, "function": text, "target": text, "param": anything, "timeout": seconds, "proxy": text,
                "labels": map, "start_by": startBy, "retries": ref("Retries"), "files": list(ref("CallFile")),
                "durable": flag,
            ]),
        "BatchRequest": object(
            required: ["app", "function", "targets"],
            [
                "app": text, "function": text, "targets": text, "exclude": text, "param": anything,
                "timeout": seconds, "concurrency": integer, "labels": map, "start_by": startBy,
                "retries": ref("Retries"), "files": list(ref("CallFile")), "max_failures": failureLimit,
            ]),
        "Retries": object(
            required: ["attempts"],
            [
                "attempts": ["type": "integer", "minimum": 1, "maximum": 100],
                "first_delay": ["type": "number", "description": "Seconds before the second attempt; 1 if absent."],
                "longest_delay": ["type": "number", "description": "Seconds; delays double up to it; 60 if absent."],
            ]),
        "CallFile": object(required: ["name", "digest"], ["name": text, "digest": digest, "mode": mode]),
        "StopRequest": object(required: [], ["reason": text]),
        "BatchStopRequest": object(required: [], ["kill": flag, "reason": text]),
        "WebhookRequest": object(
            required: ["url"], ["url": text, "kinds": texts, "apps": texts, "states": list(ref("TaskState"))]),
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
            "stderr": ref("Output"), "stdout_bytes": integerOrNull, "stderr_bytes": integerOrNull,
            "created_at": time, "dispatched_at": time, "started_at": time, "ended_at": time, "start_by": time,
            "retries": refOrNull("Retries"), "next_attempt_at": time, "retry_of": textOrNull,
            "files": list(ref("TaskFile")), "returned": list(ref("TaskFile")), "worker": anything,
            "survivors": integer, "owner": textOrNull, "caller": text, "labels": map, "trace": text,
        ]),
        "TaskFile": object(["name": text, "digest": digest, "size": integer, "mode": mode]),
        "TaskPage": object(["tasks": list(ref("Task")), "next": textOrNull]),
        "OutputPart": object(
            required: ["stream", "dropped", "attempt"],
            [
                "stream": ["type": "string", "enum": ["stdout", "stderr"]], "text": text,
                "base64": ["type": "string", "contentEncoding": "base64"], "dropped": integer, "attempt": integer,
            ]),
        "OutputPage": object([
            "parts": list(ref("OutputPart")), "next": text, "done": flag, "state": ref("TaskState"),
            "attempt": integer,
        ]),
        "Blob": object(["digest": digest, "size": integer]),
        "Hop": object(["place": text, "event": text, "at_us": integer, "rule": text]),
        "TaskExplanation": object(["task": ref("Task"), "hops": list(ref("Hop"))]),
        "Batch": object([
            "id": id, "app": text, "function": text, "total": integer,
            "states": ["type": "object", "additionalProperties": ["type": "integer"]], "concurrency": integer,
            "created_at": time, "ended_at": time, "labels": map, "caller": text, "owner": textOrNull,
            "start_by_ms": integer, "retries": refOrNull("Retries"), "files": list(ref("TaskFile")),
            "max_failures": ["type": ["integer", "string", "null"]], "stopping": flag, "stop_reason": textOrNull,
        ]),
        "BatchPage": object(["batches": list(ref("Batch")), "next": textOrNull]),
        "BatchGroupTarget": object(["id": id, "ip": text, "name": text, "task_id": id]),
        "BatchGroup": object([
            "state": ref("TaskState"), "code": textOrNull, "exit_code": integerOrNull, "text": text,
            "count": integer, "targets": list(ref("BatchGroupTarget")),
        ]),
        "BatchGroups": object(["groups": list(ref("BatchGroup"))]),
        "BatchEnds": object(["tasks": list(ref("Task")), "next": text, "done": flag]),
    ])

    static let eventShapes = members([
        "EventKind": ["type": "string", "enum": .array(EventFilter.kinds.map { .string($0) })],
        "Event": object([
            "id": integer, "at": time, "kind": ref("EventKind"), "task_id": textOrNull, "batch_id": textOrNull,
            "agent": refOrNull("TaskAgent"), "app": textOrNull, "function": textOrNull, "version": textOrNull,
            "state": textOrNull, "code": textOrNull, "caller": textOrNull, "labels": map, "message": text,
        ]),
        "EventPage": object(["events": list(ref("Event")), "next": text, "lost": flag]),
        "Webhook": object(webhookMembers),
        "NewWebhook": ["allOf": [ref("Webhook"), object(["secret": text])]],
        "WebhookList": object(["webhooks": list(ref("Webhook"))]),
        "DeadLetter": object([
            "id": id, "webhook_id": id, "event": ref("Event"), "tries": integer, "last_try_at": time,
            "problem": text,
        ]),
        "DeadLetterPage": object(["dead": list(ref("DeadLetter")), "next": textOrNull]),
    ])

    private static let webhookMembers: KeyValuePairs<String, JSONValue> = [
        "id": id, "url": text, "kinds": texts, "apps": texts, "states": texts, "created_at": time, "caller": text,
        "waiting": integer, "dead": integer,
    ]

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
