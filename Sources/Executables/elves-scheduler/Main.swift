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
            var limits = SchedulerLimits()
            limits.tasksInFlight = try settings.number(
                "tasks.inFlight", default: limits.tasksInFlight, in: 1...1_000_000)
            limits.tasksInFlightPerAgent = try settings.number(
                "tasks.inFlightPerAgent", default: limits.tasksInFlightPerAgent, in: 1...100_000)
            limits.tasksPerApp = try settings.number("limits.perApp", default: limits.tasksPerApp, in: 1...1_000_000)
            limits.tasksPerKey = try settings.number("limits.perKey", default: limits.tasksPerKey, in: 1...1_000_000)
            limits.tasksOfApps = try SchedulerLimits.named(settings.text("limits.apps") ?? "", setting: "limits.apps")
            limits.tasksOfKeys = try SchedulerLimits.named(settings.text("limits.keys") ?? "", setting: "limits.keys")
            limits.tasksHeld = try settings.number("tasks.held", default: limits.tasksHeld, in: 1...10_000_000)
            limits.lostPatienceMs =
                1_000 * Int64(try settings.number("tasks.lostPatience", default: 60, in: 1...86_400))
            limits.retentionMs = Int64(try settings.number("records.days", default: 14, in: 1...3_650)) * 86_400_000
            limits.retentionCount = try settings.number(
                "records.count", default: limits.retentionCount, in: 1_000...1_000_000_000)
            limits.retentionBytes = Int64(
                try settings.number("records.bytes", default: Int(limits.retentionBytes), in: 64 << 20...1 << 50))
            limits.eventCount = try settings.number(
                "events.count", default: limits.eventCount, in: 1_000...100_000_000)
            limits.eventMs = Int64(try settings.number("events.days", default: 7, in: 1...3_650)) * 86_400_000

            let data = try settings.required("data")
            let store = try SQLiteSchedulerStore(path: "\(data)/scheduler.sqlite")
            let folders = try SchedulerFolders(
                data, outputBytes: try settings.number("output.bytes", default: 10 << 30, in: 128 << 20...1 << 50),
                blobBytes: try settings.number("blobs.bytes", default: 10 << 30, in: 64 << 20...1 << 50),
                blobDays: try settings.number("blobs.days", default: 7, in: 1...3_650), recordsMs: limits.retentionMs,
                logger: component.logger)
            let number = UInt16(try settings.number("id.generator", default: 1, in: 0...1_023))
            guard let generator = IDGenerator(number: number, after: try await store.lastID()) else {
                throw ElvesError(.elvesConfigInvalid, "id.generator is \(number); it is from 0 to 1023")
            }
            let service = SchedulerService(
                store: store, generator: generator, limits: limits, output: folders.output, blobs: folders.blobs,
                logger: component.logger)
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
