import AgentLinks
import ElvesContracts
import ElvesCore
import Scheduler
import ServiceCore
import ServiceKit
import ServiceLifecycle

/// Runs tasks on agents and keeps their records.
@main struct Main {
    static func main() async {
        await Component.main("scheduler") { component in
            let settings = component.settings
            let number: SchedulerLimits.Number = { try settings.number($0, default: $1, in: $2) }
            let limits = try SchedulerLimits(number: number) { settings.text($0) ?? "" }
            let data = try settings.required("data")
            let store = try SQLiteSchedulerStore(path: "\(data)/scheduler.sqlite")
            let folders = try SchedulerFolders(
                data, outputBytes: try number("output.bytes", 10 << 30, 128 << 20...1 << 50),
                blobBytes: try number("blobs.bytes", 10 << 30, 64 << 20...1 << 50),
                blobDays: try number("blobs.days", 7, 1...3_650), recordsMs: limits.retentionMs,
                logger: component.logger)
            let instance = UInt16(try number("id.generator", 1, 0...1_023))
            guard let generator = IDGenerator(number: instance, after: try await store.lastID()) else {
                throw ElvesError(.elvesConfigInvalid, "id.generator is \(instance); it is from 0 to 1023")
            }
            let service = SchedulerService(
                store: store, generator: generator, limits: limits, webhookRules: try WebhookRules(number: number),
                output: folders.output, blobs: folders.blobs, logger: component.logger)
            try await service.recover()
            component.health.add("records") { service.notReadyReason }
            for name in service.figures.keys {
                component.metrics.gauge("elves_scheduler_\(name)") { Int(service.figures[name] ?? 0) }
            }

            let door = AgentDoor(
                connect: { wire throws(AgentRefusal) in try await service.connect(ThriftTaskLink(wire)) },
                disconnect: { service.disconnect($0) })
            let server = try component.server(
                [
                    SchedulerServiceProcessor(SchedulerHandler(service)),
                    TaskReportServiceProcessor(TaskReportHandler(service)),
                ], admit: { try await door.admit($0) })
            let webhooks = WebhookSender(service, poster: HTTPWebhookPoster())
            var parts: [any Service] = [LoopService { await service.run() }, LoopService { await webhooks.run() }]
            // Without heartbeat everything else goes on: only its events are missing.
            if let heartbeat = try component.optionalClient("heartbeat", isNeeded: false) {
                let follower = FleetFollower(service, source: HeartbeatFleetSource(heartbeat))
                parts += [ThriftClientService(heartbeat), LoopService { await follower.run() }]
            }
            return parts + [LoopService { await door.run() }, server]
        }
    }
}
