import CElvesProcess
import ElvesContracts
import ElvesCore
import Glibc
import Logging
import NIOPosix
import Runner
import Testing
import Thrift
import ThriftNIO

@testable import Agent

/// A folder with a runner process of its own.
final class LiveRunner: Sendable {
    let folder: Folder
    let pid: Int32
    let connection: ThriftConnection
    let client: RunnerServiceClient

    /// The agent's program of this build.
    static var program: String { Disk.parent(of: Disk.linkTarget("/proc/self/exe") ?? "") + "/elves-agent" }

    /// `cgroup`: the agent's setting; `around`: a command that becomes the runner's.
    init(_ folder: Folder? = nil, cgroup: String? = nil, around: [String] = []) async throws {
        self.folder = try folder ?? Folder()
        let folder = self.folder
        try folder.agent.prepare()
        let null = try OpenFile("/dev/null", O_RDWR)
        let program = Self.program
        let command =
            around + [program, "runner", "--root", folder.path] + (cgroup.map { ["--cgroup", $0] } ?? [])
        pid = ProcessStart.detached(command, input: null.descriptor, output: null.descriptor)
        try #require(pid > 0, "elves-agent is not built beside the tests: \(program)")
        connection = try await Self.dial(folder)
        client = RunnerServiceClient(connection)
    }

    deinit {
        kill(pid, SIGTERM)
        let pid = pid
        for _ in 0..<1000 {
            if elves_reap(pid) != 0 { break }
            usleep(10_000)
        }
        // What a killed one leaves empty for the next: there is none.
        guard let groups = folder.text("run/cgroup")?.split(separator: "\n").first else { return }
        for name in Disk.names(in: String(groups)) where name.hasPrefix("w") { rmdir("\(groups)/\(name)") }
        rmdir(String(groups))
    }

    static func dial(_ folder: Folder) async throws -> ThriftConnection {
        let dialer = ThriftDialer(
            .unix(path: folder.path + "/" + RunnerProcess.socket), security: .plaintext(peer: .local),
            group: MultiThreadedEventLoopGroup.singleton)
        var connection: ThriftConnection?
        _ = try await eventually {
            connection = try? await dialer.dial()
            return connection != nil
        }
        return try #require(connection, "the runner takes no connection")
    }

    func order(_ script: String, timeout: Duration? = .seconds(30)) -> Spawn {
        Spawn(
            WorkerOrder(
                key: AttemptKey(taskId: freshTask()), command: ["/bin/sh", "-c", script],
                environment: ["PATH": "/usr/bin:/bin"], timeout: timeout, grace: .milliseconds(200)))
    }

    /// Whether runners can make cgroups here.
    var hasGroups: Bool { folder.text("run/cgroup") != nil }
}

extension RunnerLink {
    /// A way to the runner process of a folder; it is started, with these flags, when there is none.
    init(_ folder: Folder, flags: [String] = [], patience: Duration = .seconds(10)) {
        self.init(
            command: [LiveRunner.program, "runner", "--root", folder.path] + flags, folder: folder.path,
            patience: patience, group: MultiThreadedEventLoopGroup.singleton, logger: Logger(label: "test"))
    }
}

extension TaskHost {
    /// Runs tasks whose function is a shell script.
    init(
        scriptsOn workers: any WorkerRunning, _ journal: AttemptJournal? = nil, grace: Duration = .seconds(5)
    ) {
        let history = HistoryHook { 0 }
        let hooks: [any TaskHook] = [ScriptHook(grace: grace)]
        self.init(
            history: history, admission: AdmissionHook(running: 64, waiting: 8),
            hooks: hooks + (journal.map { [JournalHook($0, history: history) { 0 }] } ?? []), workers: workers,
            journal: journal
        ) { 0 }
    }

    private struct ScriptHook: TaskHook {
        let grace: Duration

        func prepare(_ run: inout TaskRun) async throws(ElvesError) {
            run.app = ShelvedApp(manifest: AppManifest(name: run.task.app, version: "1", workerProtocol: .json))
            run.order.command = ["/bin/sh", "-c", run.task.func]
            run.order.environment = ["PATH": "/usr/bin:/bin"]
            run.order.resultLimit = 1 << 20
            run.order.grace = grace
        }
    }
}

/// Living processes of an attempt, by their marker; a zombie has no environment.
func living(_ marker: String) -> Int {
    Disk.names(in: "/proc").count { name in
        let variables = (try? Disk.read("/proc/\(name)/environ"))?.split(separator: 0) ?? []
        return variables.contains { Array($0) == Array("ELVES_TASK=\(marker)".utf8) }
    }
}
