import ElvesContracts
import ElvesCore

/// The shapes of docs/reference/rest.md, written straight from the records.
extension JSONBuffer {
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
                for (name, number) in status.numbers.sorted(by: { $0.key < $1.key }) {
                    json.key(named: name)
                    json.int(number)
                }
            }
        }
    }
}
