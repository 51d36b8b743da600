import AgentLinks
import ElvesContracts
import ElvesCore
import Scheduler
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
            limits.tasksHeld = try settings.number("tasks.held", default: limits.tasksHeld, in: 1...10_000_000)
            limits.lostPatienceMs =
                1_000 * Int64(try settings.number("tasks.lostPatience", default: 60, in: 1...86_400))
            limits.retentionMs = Int64(try settings.number("records.days", default: 14, in: 1...3_650)) * 86_400_000
            limits.retentionCount = try settings.number(
                "records.count", default: limits.retentionCount, in: 1_000...1_000_000_000)

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
            return [LoopService { await service.run() }, LoopService { await door.run() }, server]
        }
    }
}
