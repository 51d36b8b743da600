import ElvesContracts
import ElvesCore
import Glibc
import Runner
import TestSupport
import Testing
import Thrift

@testable import Agent

/// Workers that end while there is no agent: the next one gets every end.
@Suite(.timeLimit(.minutes(3))) struct AgentAwayTests {
    private static let count = 40

    /// A JSON text of a mebibyte that begins with a number.
    private static func script(_ number: Int, go: String) -> String {
        "while [ ! -e \(go) ]; do sleep 0.05; done; "
            + "{ printf '\"\(number + 100)'; head -c 1048500 /dev/zero | tr '\\0' a; printf '\"'; } >&3; exit 0"
    }

    private static func files(_ folder: Folder) -> Int { Disk.names(in: folder.path + "/run/ends").count }

    /// Starts the workers under one agent, ends it, lets the workers end, and asks the next for every end.
    ///
    /// `meanwhile`: when all have ended and nobody was there. `left`: how many ends are not dropped before.
    private func resultsAfterAnAbsence(
        _ folder: Folder, flags: [String] = [], count: Int = count, left: Int? = nil,
        meanwhile: () async throws -> Void = {}
    ) async throws -> [TaskResult] {
        try folder.agent.prepare()
        let first = RunnerLink(folder, flags: flags)
        let journal = try AttemptJournal(folder: folder.agent.journal)
        let tasks = TaskHost(scriptsOn: first, journal)
        let go = folder.path + "/go"
        let asked = (0..<count).map {
            RunTask(taskId: freshTask(), attempt: 1, app: "app", func: Self.script($0, go: go))
        }
        let asking = asked.map { task in Task { try? await tasks.run(task) } }
        defer { for task in asking { task.cancel() } }
        let watcher = RunnerServiceClient(try await LiveRunner.dial(folder))
        #expect(try await eventually { (try? await watcher.running().count) == count })
        await tasks.rest(patience: .zero)
        await first.leave()
        journal.close()
        try folder.write("go", "")
        #expect(
            try await eventually {
                let ends = (try? await watcher.running()) ?? []
                return ends.count >= left ?? count && ends.allSatisfy { $0.pid == 0 }
            })
        try await meanwhile()
        let next = try AttemptJournal(folder: folder.agent.journal)
        #expect(next.open.count == count)
        let second = RunnerLink(folder)
        let successor = TaskHost(scriptsOn: second, next)
        await successor.adopt()
        var results: [TaskResult] = []
        for task in asked { results.append(try await successor.resume(AttemptKey(taskId: task.taskId))) }
        #expect(try await watcher.running().isEmpty)
        await second.stop()
        return results
    }

    private func isWhole(_ result: TaskResult, _ number: Int) -> Bool {
        result.state == .succeeded && result.result?.utf8.count == 1_048_505
            && result.result?.hasPrefix("\"\(number + 100)aaa") == true
    }

    @Test func everyResultOfAMebibyteArrives() async throws {
        let folder = try Folder()
        let results = try await resultsAfterAnAbsence(folder) {
            // Memory holds four of them.
            let isWritten = try await eventually { Self.files(folder) == Self.count - 4 }
            #expect(isWritten)
            var about = stat()
            #expect(stat(folder.path + "/run/ends", &about) == 0 && about.st_mode & 0o777 == 0o700)
        }
        for (number, result) in results.enumerated() {
            #expect(isWhole(result, number), "\(number): \(result.state) \(result.code) \(result.message)")
        }
    }

    @Test func oneThatIsDamagedIsUnknownAndTheOthersArrive() async throws {
        let folder = try Folder()
        let results = try await resultsAfterAnAbsence(folder, count: 12) {
            let isWritten = try await eventually { Self.files(folder) == 8 }
            #expect(isWritten)
            let name = try #require(Disk.names(in: folder.path + "/run/ends").first)
            truncate(folder.path + "/run/ends/" + name, 1000)
        }
        #expect(results.filter { $0.state == .unknown }.map(\.code) == ["agent.restarted"])
        #expect(results.count { $0.state == .succeeded } == 11)
        let log = folder.text("run/runner.log") ?? ""
        #expect(log.contains("an end that no agent took is lost") && log.contains("is damaged"), "\(log)")
    }

    @Test func pastTheSettingTheOldestAreDroppedAloud() async throws {
        let folder = try Folder()
        let dropped = {
            (folder.text("run/runner.log") ?? "").split(separator: "\n")
                .count { $0.contains("is dropped") && $0.contains("\"disk\"") }
        }
        // Two lie on the disk, four are in memory.
        let results = try await resultsAfterAnAbsence(folder, flags: ["--end_bytes", "3000000"], count: 12, left: 6) {
            let isSettled = try await eventually { dropped() == 6 && Self.files(folder) == 2 }
            #expect(isSettled)
        }
        #expect(results.count { $0.state == .succeeded } == 6)
        #expect(results.filter { $0.state == .unknown }.map(\.code) == Array(repeating: "agent.restarted", count: 6))
        #expect(dropped() == 6)
    }

    @Test(.enabled(if: SmallDisk.isPermitted, "mounting a small tmpfs needs root"))
    func whatAFullDiskDoesNotTakeStaysInMemory() async throws {
        let disk = try SmallDisk(mebibytes: 2)
        let host = WorkerHost(ownsProcess: false, ends: EndPlace(folder: disk.path + "/ends"))
        let orders = (0..<12).map { number in
            WorkerOrder(
                key: AttemptKey(taskId: freshTask()),
                command: ["/bin/sh", "-c", "head -c 1048576 /dev/zero; exit \(number)"],
                environment: ["PATH": "/usr/bin:/bin"])
        }
        for order in orders { try await host.start(order) }
        #expect(try await eventually { await host.running().allSatisfy { $0.pid == 0 } })
        for (number, order) in orders.enumerated() {
            let end = try await host.end(of: order.key)
            #expect(end.status == .exited(Int32(number)) && end.output.count == 1_048_576)
        }
        await host.shutDown()
    }
}
