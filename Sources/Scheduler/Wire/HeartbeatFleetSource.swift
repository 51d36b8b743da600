import ElvesContracts
import ElvesCore
package import Thrift

/// Heartbeat as source of the fleet's events.
package struct HeartbeatFleetSource: FleetSource {
    private let client: HeartbeatServiceClient

    /// Creates a source over a connection.
    package init(_ caller: any ThriftCaller) {
        client = HeartbeatServiceClient(caller)
    }

    package func news(after cursor: FleetCursor, waitMs: Int64) async throws -> FleetNews {
        let page = try await client.events(
            epoch: cursor.epoch, after: cursor.after, limit: 1_000, waitMs: waitMs,
            options: CallOptions(timeout: .milliseconds(waitMs + 5_000)))
        return FleetNews(
            cursor: FleetCursor(epoch: page.epoch, after: page.nextAfter),
            events: page.events.compactMap(SchedulerEvent.init), lost: page.lost)
    }
}

extension SchedulerEvent {
    /// Nil for a kind that a newer heartbeat may know.
    init?(_ event: FleetEvent) {
        guard let kind = EventKind(name: event.kind) else { return nil }
        self.init(at: event.at, kind: kind)
        target = TaskTarget(id: ElvesID(rawValue: event.agentId), ip: event.ip, name: event.name)
        app = event.app
        version = event.version
        message = event.problem.cut(to: HistoryLimits.textBytes)
    }
}
