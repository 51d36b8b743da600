import ElvesContracts
import ElvesCore
import Foundation
import Hummingbird

/// `/api/v2/info/…`: what a key may see of its app and of the fleet. Without a supervisor all of them are
/// `[402.1]`, as in ELVES 2.0's simple mode.
struct V2InfoRoutes: Sendable {
    /// Whether there is a supervisor.
    let isEnabled: Bool
    let supervisor: any SupervisorPort
    let heartbeat: any HeartbeatPort
    let access: Access
    let timeZone: TimeZone

    func routes(_ gateway: V2Gateway) -> [Route] {
        gateway.routes("/api/v2/info/app", Self.appDescription("infoApp"), enabled(app))
            + gateway.routes("/api/v2/info/apps", Self.appDescription("infoApps"), enabled(app))
            + gateway.routes("/api/v2/info/agents", Self.agentsDescription, enabled(agents))
            + gateway.routes("/api/v2/info/agents/detail", Self.detailDescription, enabled(detail))
    }

    /// The call, or the word that its module is not there: before its parameters are looked at.
    private func enabled(
        _ call: @escaping @Sendable (V2Call) async throws -> Response
    ) -> @Sendable (V2Call) async throws -> Response {
        if isEnabled { return call }
        return { _ in throw ElvesError(.openapiModuleSupervisor) }
    }

    /// The key's app; a key with the right to several names one with `app`.
    @Sendable private func app(_ call: V2Call) async throws -> Response {
        guard let name = call.parameters["app"] ?? onlyApp(call.key) else {
            throw ElvesError(.openapiRequestApp, "this key has the right to several apps: name one with app")
        }
        let info = try await supervisor.app(name, call.port)
        return Answer.envelope { json in
            json.object { json in
                json.member("app", info.app)
                json.member("app_name", info.summary.isEmpty ? info.app : info.summary)
                json.member("app_ver", info.liveVersion)
                json.member("last_update_time", time(info.updatedAt))
            }
        }
    }

    private func onlyApp(_ key: KeyEntry) -> String? {
        key.scope.apps.count == 1 ? key.scope.apps.first : nil
    }

    @Sendable private func agents(_ call: V2Call) async throws -> Response {
        let selectors = call.key.scope.agents.isEmpty ? ["*"] : call.key.scope.agents
        var ips: Set<String> = []
        for selector in selectors {
            ips.formUnion(try await heartbeat.resolve(selector, exclude: "", call.port).agents.map(\.ip))
        }
        let sorted = ips.filter { !$0.isEmpty }.sorted()
        return Answer.envelope { json in json.array(sorted) { $0.string($1) } }
    }

    @Sendable private func detail(_ call: V2Call) async throws -> Response {
        if call.parameters["showcron"]?.lowercased() == "true" { throw ElvesError(.openapiModuleCron) }
        guard let ip = call.parameters["ip"] else { throw ElvesError(.openapiRequestIp, "ip is missing") }
        guard IPAddress(ip) != nil else { throw ElvesError(.openapiRequestIp, "\"\(ip)\" is not an ip") }
        let agent = try await heartbeat.agent(ip, call.port)
        return Answer.envelope { json in
            json.object { json in
                json.member("ip", agent.ip)
                json.member("asset", agent.name)
                json.member("last_hb_time", time(agent.lastBeatAt))
                json.key("cron_list")
                json.array([String]()) { $0.string($1) }
            }
        }
    }

    /// `yyyy-MM-dd HH:mm:ss`, local to the center; empty when it has not happened.
    private func time(_ milliseconds: Int64) -> String {
        guard milliseconds > 0 else { return "" }
        let offset = timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(milliseconds) / 1000))
        let local = Timestamp.text(milliseconds + Int64(offset) * 1000)
        return "\(local.prefix(10)) \(local.dropFirst(11).prefix(8))"
    }
}
