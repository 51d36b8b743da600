import ElvesClient
import Foundation
import TestSupport
import Testing

/// A full disk under every store of a real center and under an agent: calls answer definitely, nothing is half
/// done, and there is no need to start anything again once there is room.
@Suite(
    .serialized, .timeLimit(.minutes(5)), .enabled(if: SmallDisk.isPermitted, "mounting a small tmpfs needs root"))
struct FullDiskTests {
    @Test func everyStoreSaysSoAndGoesOnWhenThereIsRoom() async throws {
        var disks: [String: SmallDisk] = [:]
        let running = try await RunningCenter.start(agents: 2) { data in
            for part in ["data/supervisor", "data/scheduler", "data/heartbeat", "agents/1"] {
                disks[part] = try SmallDisk(at: "\(data)/\(part)", mebibytes: 4)
            }
        }
        let center = try running.client()
        for ip in ["127.0.0.1", "127.0.0.2"] {
            try await running.until("\(ip) runs tasks") {
                await (try? center.run("hello", "greet", on: ip).state) == .succeeded
            }
        }
        let fleet = try await Impostor(running)
        for disk in disks.values { try disk.fill() }

        let keys = try await supervisorRefuses(running, center)
        try await schedulerRefusesWhatMustBeDurable(center)
        try await heartbeatGoesOn(running, center, fleet)
        try await schedulerTellsNoEndThatItCouldLose(center)
        try disks["data/scheduler"]?.empty()
        try await agentRefuses(center)

        for (part, disk) in disks where part != "data/scheduler" { try disk.empty() }
        _ = try await center.createKey(KeyRequest(comment: "after"))
        #expect(try await center.keys().count == keys + 1)
        let task = try await center.createTask(Self.greet(on: "127.0.0.2"), wait: .seconds(20), idempotencyKey: "after")
        #expect(task.state == .succeeded)
        #expect(try await push(running, "extra").status == 0)
        #expect(try await running.elves("app", "bind", "extra", "--on", "127.0.0.1").status == 0)
        try await running.until("the agent installs and runs again") {
            await (try? center.run("extra", "greet", on: "127.0.0.1").state) == .succeeded
        }
        try await running.until("heartbeat writes again") {
            await (try? center.components().allSatisfy(\.ready)) == true
        }
        #expect(try await center.run("hello", "greet", on: "127.0.0.1").state == .succeeded)

        kill(running.process.processIdentifier, SIGTERM)
        try await running.until("stopped", within: .seconds(10)) { !running.process.isRunning }
        disks = [:]
    }

    /// Answers with the number of keys that there are.
    private func supervisorRefuses(_ running: RunningCenter, _ center: ElvesCenter) async throws -> Int {
        var made = try await center.keys().count
        let error = await #expect(throws: CenterError.self) {
            // Pages that the store holds already take some more.
            for _ in 1...5_000 {
                _ = try await center.createKey(KeyRequest(comment: String(repeating: "c", count: 200)))
                made += 1
            }
        }
        try isFull(error, "supervisor.sqlite")
        #expect(try await center.keys().count == made)
        let pushed = try await push(running, "extra")
        #expect(pushed.status != 0 && pushed.errors.contains("elves.store.full"), "\(pushed.errors)")
        #expect(try await center.apps().map(\.app) == ["hello"])
        return made
    }

    /// A task under an idempotency key is on record before it is sent; one without needs no disk, if its agent takes it.
    private func schedulerRefusesWhatMustBeDurable(_ center: ElvesCenter) async throws {
        let error = await #expect(throws: CenterError.self) {
            for number in 1...5_000 {
                _ = try await center.createTask(Self.greet(on: "127.0.0.2"), idempotencyKey: "key-\(number)")
            }
        }
        try isFull(error, "scheduler.sqlite")
        #expect(try await center.run("hello", "greet", on: "127.0.0.2").state == .succeeded)
        let batch = await #expect(throws: CenterError.self) {
            for _ in 1...1_000 {
                _ = try await center.createBatch(BatchRequest(app: "hello", function: "greet", targets: "127.0.0.2"))
            }
        }
        try isFull(batch, "scheduler.sqlite")
    }

    /// What heartbeat knows it serves from memory; what it cannot write waits, and it says so.
    private func heartbeatGoesOn(_ running: RunningCenter, _ center: ElvesCenter, _ fleet: Impostor) async throws {
        var round = 0
        try await running.until("heartbeat says that it cannot write") {
            round += 1
            try? await fleet.beat(round: round)
            let heartbeat = try? await center.components().first { $0.role == "heartbeat" }
            return heartbeat?.reason.contains("cannot be written") == true
        }
        #expect(try await center.agent("127.0.0.77").labels["round"] == String(round))
        #expect(try await center.allAgents().count == 3)
    }

    /// What no agent keeps and the store does not take would be gone with the scheduler.
    private func schedulerTellsNoEndThatItCouldLose(_ center: ElvesCenter) async throws {
        let error = await #expect(throws: CenterError.self) {
            // Pages that the store holds already take some more.
            for _ in 1...5_000 {
                let told = try await center.run("hello", "greet", on: "127.0.0.77")
                #expect(told.state == .unreachable)
            }
        }
        let problem = try problem(error)
        #expect(problem.code == "elves.store.unavailable" && problem.status == 503 && problem.retryable)
        #expect(problem.detail.contains("is unreachable, but that cannot be recorded yet"), "\(problem.detail)")
    }

    /// An attempt that cannot be put on record does not start.
    private func agentRefuses(_ center: ElvesCenter) async throws {
        var last: TaskRecord?
        // The journal's last page takes some more.
        for _ in 1...200 where last?.state != .rejected {
            last = try await center.run("hello", "greet", on: "127.0.0.1")
        }
        #expect(last?.state == .rejected)
        #expect(last?.code == "agent.diskFull", "\(last?.message ?? "")")
        #expect(last?.attempt == 1 && last?.result == nil)
    }

    private func isFull(_ error: CenterError?, _ store: String) throws {
        let problem = try problem(error)
        #expect(problem.code == "elves.store.full" && problem.status == 507 && problem.retryable)
        #expect(problem.detail.contains(store))
    }

    private func problem(_ error: CenterError?) throws -> Problem {
        guard case .problem(let problem)? = error else {
            throw Unexpected(description: "nothing was refused, or otherwise: \(error?.description ?? "no error")")
        }
        return problem
    }

    private struct Unexpected: Error, CustomStringConvertible {
        let description: String
    }

    private static func greet(on target: String) -> TaskRequest {
        TaskRequest(app: "hello", function: "greet", target: target)
    }

    private func push(_ running: RunningCenter, _ name: String) async throws -> Typed {
        let folder = running.folder.appending(path: name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let manifest = "name: \(name)\nversion: 1.0.0\nentry: [sh, worker.sh]\nfunctions:\n  - name: greet\n"
        try Data(manifest.utf8).write(to: folder.appending(path: "app.yaml"))
        try Data("printf '\"hi\"' >&3\n".utf8).write(to: folder.appending(path: "worker.sh"))
        return try await running.elves("app", "push", folder.path(percentEncoded: false))
    }
}
