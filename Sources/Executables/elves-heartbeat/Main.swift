import AgentLinks
import ElvesContracts
import Heartbeat
import ServiceCore
import ServiceKit
import ServiceLifecycle

/// Knows who is alive and what each agent should run, and hands out the files for it.
@main struct Main {
    static func main() async {
        await Component.main("heartbeat") { component in
            let settings = component.settings
            var limits = HeartbeatLimits()
            limits.beatIntervalMs = Int64(try settings.number("beat.ms", default: 10_000, in: 100...600_000))
            limits.agents = try settings.number("agents.limit", default: limits.agents, in: 1...1_000_000)
            limits.cachedFileBytes = try settings.number("files.cacheMiB", default: 64, in: 1...65_536) << 20

            let data = try settings.required("data")
            let supervisor = try component.optionalClient("supervisor")
            let source: any CatalogSource & FileSource =
                if let supervisor { SupervisorSource(supervisor) } else {
                    try ConfiguredApps.needed(folder: settings.text("apps"), data: data)
                }
            let service = HeartbeatService(
                store: try SQLiteHeartbeatStore(path: "\(data)/heartbeat.sqlite"),
                catalog: source, files: source, limits: limits, logger: component.logger)
            try await service.load()
            component.health.add("agents") { service.notReadyReason }
            for name in service.figures.keys {
                component.metrics.gauge("elves_heartbeat_\(name)") { Int(service.figures[name] ?? 0) }
            }

            let door = AgentDoor(
                connect: { wire throws(AgentRefusal) in try await service.connect(ThriftFleetLink(wire)) },
                disconnect: { service.disconnect($0) })
            let server = try component.server(
                [HeartbeatServiceProcessor(HeartbeatHandler(service))], admit: { try await door.admit($0) })
            let clients = supervisor.map { [ThriftClientService($0) as any Service] } ?? []
            return clients + [LoopService { await service.run() }, LoopService { await door.run() }, server]
        }
    }
}
