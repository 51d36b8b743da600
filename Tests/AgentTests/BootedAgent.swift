import CElvesProcess
import ElvesContracts
import ElvesCore
import Glibc
import Identity
import NIOPosix
import Runner
import ServiceCore
import Synchronization
import TestSupport
import Testing
import Thrift
import ThriftNIO

@testable import Agent

/// A scheduler that hears results, and says when it has recorded them.
final class HearingScheduler: TaskReportServiceHandler {
    struct State {
        var results: [Int64: TaskResult] = [:]
        var records = false
        var connections: [ThriftConnection] = []
    }

    let state = Mutex(State())

    func report(results: [TaskResult], context: CallContext) async throws -> [AttemptRef] {
        state.withLock { state in
            for result in results { state.results[result.taskId] = result }
            return state.records ? results.map { AttemptRef(taskId: $0.taskId, attempt: $0.attempt) } : []
        }
    }

    func started(attempts: [AttemptRef], context: CallContext) async throws {}
    func output(chunk: OutputChunk, context: CallContext) async throws -> OutputCredit { OutputCredit() }
    func fetchBlob(
        attempt: AttemptRef, digest: [UInt8], offset: Int64, length: Int32, context: CallContext
    ) async throws -> [UInt8] { [] }
    func putBlob(
        attempt: AttemptRef, file: FileRef, offset: Int64, bytes: [UInt8], context: CallContext
    ) async throws -> Int64 { 0 }

    /// Waits for the results of tasks.
    func hears(of tasks: [RunTask]) async throws {
        #expect(
            try await eventually { tasks.allSatisfy { task in state.withLock { $0.results[task.taskId] != nil } } })
    }
}

/// The real program with one app, a scheduler that is played, and a machine that can go down.
final class BootedAgent: Sendable {
    let folder: Folder
    let center = HearingScheduler()
    private let authority: TestAuthority
    private let server: ThriftServer
    private let address: ThriftAddress
    private let pid = Mutex<Int32>(0)
    private let asking = Mutex<[Task<TaskResult?, Never>]>([])

    /// Whether this process may give another one a boot id of its own.
    static let isPermitted = SmallDisk.isPermitted

    init(_ package: Package) async throws {
        folder = try Folder()
        try folder.agent.prepare()
        let installer = Installer(folder: folder.agent, shelf: AppShelf(), fetch: package.fetch)
        if let error = await installer.apply(DesiredState(generation: 1, apps: [package.desired])).first { throw error }
        authority = try TestAuthority()
        server = ThriftServer(
            [TaskReportServiceProcessor(center)], security: try authority.identity("scheduler").server(),
            group: .singleton,
            opened: { [center] connection in center.state.withLock { $0.connections.append(connection) } })
        address = try await server.listen(on: .tcp(host: "127.0.0.1", port: 0))
    }

    deinit {
        for task in asking.withLock({ $0 }) { task.cancel() }
        end()
    }

    /// Starts it on a machine that was started under that name; answers with the connection that it makes.
    func start(boot: String) async throws -> AgentServiceClient {
        let before = center.state.withLock { $0.connections.count }
        let identity = try authority.files("agent", "00a1b2c3d4e5f60f", ip: "127.0.0.9")
        try folder.write("boot-\(boot)", boot + "\n")
        let log = try OpenFile(folder.path + "/agent-\(boot).log", O_WRONLY | O_CREAT)
        let null = try OpenFile("/dev/null", O_RDWR)
        let started = ProcessStart.detached(
            [
                "/usr/bin/unshare", "-m", "/bin/sh", "-c",
                "mount --bind \"$0\" /proc/sys/kernel/random/boot_id && exec \"$@\"",
                folder.path + "/boot-\(boot)", LiveRunner.program, "run", "--root", folder.path, "--scheduler",
                "\(address)",
                "--heartbeat", "127.0.0.1:1", "--certificate", identity.certificate, "--key", identity.key,
                "--authority", identity.authority, "--path", "/usr/bin:/bin",
            ], input: null.descriptor, output: log.descriptor)
        #expect(started > 0)
        pid.withLock { $0 = started }
        #expect(try await eventually { center.state.withLock { $0.connections.count } > before })
        let connection = try #require(center.state.withLock { $0.connections.last }, "\(text("agent-\(boot).log"))")
        #expect(connection.hello.boot == boot)
        return AgentServiceClient(connection)
    }

    private func text(_ name: String) -> String { folder.text(name) ?? "" }

    /// Has it run a task; nobody waits for the end.
    func run(_ task: RunTask) {
        guard let connection = center.state.withLock({ $0.connections.last }) else { return }
        let call = Task { try? await AgentServiceClient(connection).run(task: task) }
        asking.withLock { $0.append(call) }
    }

    /// How often a task's worker began.
    func starts(of task: RunTask) -> Int {
        text("state/app/" + Hex.encode(UInt64(bitPattern: task.taskId))).split(separator: "\n").count
    }

    /// Waits for a task's worker to begin.
    func starts(_ task: RunTask) async throws { #expect(try await eventually { starts(of: task) > 0 }) }

    /// The journal's one segment.
    var segment: String {
        let names = Disk.names(in: folder.agent.journal).filter { $0.hasSuffix(".journal") }
        #expect(names.count == 1)
        return folder.agent.journal + "/" + (names.last ?? "")
    }

    /// Agent, runner and workers are gone at once, whatever they were doing.
    func powerFails(for tasks: [RunTask]) async {
        end()
        for task in tasks { #expect(await StrayWorkers.end(AttemptKey(taskId: task.taskId)) == 0) }
        _ = await StrayGroups.endIfAlone(root: folder.path)
    }

    private func end() {
        let agent = pid.withLock { pid in
            defer { pid = 0 }
            return pid
        }
        guard agent > 0 else { return }
        kill(agent, SIGKILL)
        for name in Disk.names(in: "/proc") {
            let words = (try? Disk.read("/proc/\(name)/cmdline"))?.split(separator: 0) ?? []
            guard words.contains(where: { Array($0) == Array(folder.path.utf8) }), let pid = Int32(name) else {
                continue
            }
            kill(pid, SIGKILL)
        }
        for _ in 0..<1000 where elves_reap(agent) == 0 { usleep(5000) }
    }
}
