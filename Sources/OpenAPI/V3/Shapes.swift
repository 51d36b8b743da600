import ElvesContracts
import ElvesCore

/// The shapes of docs/reference/rest.md, written straight from the records.
extension JSONBuffer {
    mutating func task(_ task: TaskRecord) {
        let result = TaskOutcome(task)
        object { json in
            json.member("id", id: task.id)
            json.member("batch_id", id: task.batchId)
            json.member("app", task.app)
            json.member("function", task.func)
            json.member("param", json: task.param)
            json.key("agent")
            json.object { json in
                json.member("id", id: task.agentId)
                json.member("ip", task.ip)
                json.member("name", task.agentName)
            }
            json.member("state", StateName.of(task.state))
            json.member("attempt", task.attempt)
            json.key("result")
            json.result(result)
            json.member("message", result.message)
            json.member("flag", task.flag)
            json.member("code", orNull: task.code)
            json.member("version", orNull: task.version)
            json.member("exit_code", orNull: task.exitCode)
            json.member("signal", orNull: task.signal)
            json.member("cost_ms", task.costMs)
            json.member("timeout_ms", task.timeoutMs)
            json.output("stdout", task.stdout)
            json.output("stderr", task.stderr)
            json.member("created_at", time: task.createdAt)
            json.member("dispatched_at", time: task.dispatchedAt)
            json.member("ended_at", time: task.endedAt)
            json.member("labels", map: task.labels)
            json.member("trace", task.trace)
        }
    }

    private mutating func result(_ outcome: TaskOutcome) {
        switch outcome.result {
        case .none: null()
        case .json(let text): raw(text)
        case .text(let text): string(text)
        }
    }

    private mutating func output(_ name: String, _ output: OutputText) {
        key(name)
        object { json in
            json.member("head", output.head)
            json.member("tail", output.tail)
            json.member("dropped", output.dropped)
        }
    }

    mutating func hops(_ hops: [Hop]) {
        array(hops) { json, hop in
            json.object { json in
                json.member("place", hop.place)
                json.member("event", hop.event)
                json.member("at_us", hop.atMicros)
                json.member("rule", hop.rule)
            }
        }
    }

    mutating func batch(_ batch: BatchRecord) {
        object { json in
            json.member("id", id: batch.id)
            json.member("app", batch.app)
            json.member("function", batch.func)
            json.member("total", batch.total)
            json.key("states")
            json.object { json in
                for (state, count) in batch.states.sorted(by: { $0.key.rawValue < $1.key.rawValue }) where count > 0 {
                    json.member(StateName.of(state), count)
                }
            }
            json.member("concurrency", batch.concurrency)
            json.member("created_at", time: batch.createdAt)
            json.member("ended_at", time: batch.endedAt)
            json.member("labels", map: batch.labels ?? [:])
        }
    }

    mutating func agent(_ agent: AgentInfo) {
        object { json in
            json.member("id", id: agent.id)
            json.member("ip", agent.ip)
            json.member("name", agent.name)
            json.member("version", agent.version)
            json.member("alive", agent.alive)
            json.member("last_beat_at", time: agent.lastBeatAt)
            json.member("first_seen_at", time: agent.firstSeenAt)
            json.member("labels", map: agent.labels)
            json.member("facts", map: agent.facts)
            json.key("apps")
            json.array(agent.apps) { json, app in
                json.object { json in
                    json.member("app", app.app)
                    json.member("version", app.version)
                    json.member("problem", orNull: app.problem)
                }
            }
        }
    }

    mutating func agentRef(_ agent: AgentRef) {
        object { json in
            json.member("id", id: agent.id)
            json.member("ip", agent.ip)
            json.member("name", agent.name)
            json.member("alive", agent.alive)
        }
    }

    mutating func app(_ app: AppInfo, functions: [AppFunction]? = nil) {
        object { json in
            json.member("app", app.app)
            json.member("summary", app.summary)
            json.member("live_version", orNull: app.liveVersion)
            json.member("versions", strings: app.versions)
            json.key("bindings")
            json.array(app.bindings) { json, binding in
                json.object { json in
                    json.member("targets", binding.targets)
                    json.member("created_at", time: binding.createdAt)
                }
            }
            json.member("updated_at", time: app.updatedAt)
            if let functions {
                json.key("functions")
                json.array(functions) { json, function in json.function(function) }
            }
        }
    }

    private mutating func function(_ function: AppFunction) {
        object { json in
            json.member("name", function.name)
            json.member("summary", function.summary)
            json.member("timeout_ms", function.timeoutMs)
            json.member("idempotent", function.idempotent)
            json.member("param_schema", json: function.paramSchema.isEmpty ? nil : function.paramSchema)
        }
    }

    mutating func key(_ info: KeyInfo, secret: (secret: String, token: String)? = nil) {
        object { json in
            json.member("id", info.id)
            json.member("comment", info.comment)
            json.member("apps", strings: info.scope.apps)
            json.member("functions", strings: info.scope.functions)
            json.member("agents", strings: info.scope.agents)
            json.member("admin", info.scope.admin)
            json.member("legacy_md5", info.legacyMd5)
            json.member("require_nonce", info.requireNonce)
            json.member("created_at", time: info.createdAt)
            json.member("revoked", info.revoked)
            if let secret {
                json.member("secret", secret.secret)
                json.member("token", secret.token)
            }
        }
    }

    mutating func component(_ status: ComponentStatus) {
        object { json in
            json.member("role", status.role)
            json.member("instance", status.instance)
            json.member("version", status.version)
            json.member("uptime_ms", status.uptimeMs)
            json.member("ready", status.ready)
            json.member("reason", status.reason)
            json.key("numbers")
            json.object { json in
                for (name, number) in status.numbers.sorted(by: { $0.key < $1.key }) { json.member(name, number) }
            }
        }
    }
}

/// The word for a state on the wire.
enum StateName {
    static func of(_ state: ElvesContracts.TaskState) -> String {
        ElvesCore.TaskState(rawValue: state.rawValue)?.name ?? "state_\(state.rawValue)"
    }

    /// Whether nothing follows the state.
    static func isEnd(_ state: ElvesContracts.TaskState) -> Bool { state.rawValue >= 10 }
}

/// What a task's record says came of it: the worker's result, or a message why there is none.
struct TaskOutcome: Sendable {
    enum Result: Sendable {
        case none
        /// The JSON that the worker gave.
        case json(String)
        /// The text of an ELVES 2.0 worker.
        case text(String)
    }

    let result: Result
    let message: String

    init(_ task: TaskRecord) {
        let ownWord = task.state == .succeeded || task.state == .failed
        if let text = task.result {
            result = JSONValue.isJSON(text) ? .json(text) : .text(text)
            message = task.message
        } else if ownWord, task.flag >= 0, !task.message.isEmpty {
            result = .text(task.message)
            message = ""
        } else {
            result = .none
            message = task.message
        }
    }
}
