import ElvesContracts
import ElvesCore
import HTTPTypes
import Hummingbird
import NIOCore

/// `/api/v3/components`: what each component says of itself, and who does not answer.
struct ComponentRoutes: Sendable {
    let ports: Ports
    let metricsText: @Sendable () -> String
    let own: @Sendable () -> ComponentStatus

    func routes(_ gateway: V3Gateway) -> [Route] {
        [
            gateway.route(.get, "/api/v3/components", Self.listDescription, list),
            gateway.route(.get, "/metrics", Self.metricsDescription, metrics),
        ]
    }

    @Sendable private func metrics(_ call: V3Call) async throws -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: metricsText())))
    }

    @Sendable private func list(_ call: V3Call) async throws -> Response {
        var port = call.port
        port.timeout = .seconds(3)
        let all = [own()] + (await statuses(port))
        return Answer.json { json in
            json.object { json in
                json.key("components")
                json.array(all) { $0.component($1) }
            }
        }
    }

    /// Those of the three that there are, asked at the same time.
    func statuses(_ call: PortCall) async -> [ComponentStatus] {
        async let scheduler = Self.status("scheduler", ports.hasScheduler) { try await ports.scheduler.status(call) }
        async let heartbeat = Self.status("heartbeat", ports.hasHeartbeat) { try await ports.heartbeat.status(call) }
        async let supervisor = Self.status("supervisor", ports.hasSupervisor) {
            try await ports.supervisor.status(call)
        }
        return await [scheduler, heartbeat, supervisor].compactMap(\.self)
    }

    private static func status(
        _ role: String, _ isThere: Bool, _ ask: @Sendable () async throws -> ComponentStatus
    ) async -> ComponentStatus? {
        guard isThere else { return nil }
        do {
            return try await ask()
        } catch {
            return ComponentStatus(role: role, ready: false, reason: "\(ElvesError(edge: error).message)")
        }
    }
}
