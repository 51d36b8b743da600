import ElvesContracts
import ElvesCore
import Glibc
import Runner
import Synchronization
import Testing
import Thrift

@testable import Agent

/// A folder of one test's own, removed after it.
final class Folder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/elves-agent-test.XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw ElvesError(.elvesInternal, "no folder") }
        path = String(cString: made)
    }

    deinit { Disk.remove(path) }

    var agent: AgentFolder { AgentFolder(root: path) }

    func write(_ name: String, _ text: String, mode: mode_t = 0o644) throws {
        let file = path + "/" + name
        try Disk.makeFolders(Disk.parent(of: file))
        try Disk.replace(file, with: Array(text.utf8))
        chmod(file, mode)
    }

    func text(_ name: String) -> String? {
        (try? Disk.read(path + "/" + name)).map { String(decoding: $0, as: UTF8.self) }
    }
}

private let lastTask = Mutex<Int64>(SystemTime.ms() << 12)

enum SystemTime {
    static func ms() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    }
}

/// A task id that no other test uses.
func freshTask() -> Int64 {
    lastTask.withLock {
        $0 += 1
        return $0
    }
}

/// A package of files, and the fetch that serves it.
struct Package {
    var manifest: AppManifest
    var files: [String: (bytes: [UInt8], mode: Int32)]

    init(
        _ name: String, version: String = "1", workerProtocol: WorkerProtocol = .json, entry: [String] = [],
        functions: [String] = [], _ files: [String: String], mode: Int32 = 0o755
    ) {
        manifest = AppManifest(
            name: name, version: version, workerProtocol: workerProtocol,
            functions: functions.map { AppFunction(name: $0) }, entry: entry)
        self.files = files.mapValues { (Array($0.utf8), mode) }
    }

    /// A package of the app "app".
    init(
        version: String = "1", workerProtocol: WorkerProtocol = .json, entry: [String] = [], functions: [String] = [],
        _ files: [String: String]
    ) {
        self.init(
            "app", version: version, workerProtocol: workerProtocol, entry: entry, functions: functions, files)
    }

    var desired: DesiredApp {
        var tree = Tree()
        for (path, file) in files.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            tree.files.append(
                TreeFile(
                    path: path, mode: file.mode, size: Int64(file.bytes.count), digest: SHA256.digest(of: file.bytes)))
        }
        tree.digest = SHA256.digest(of: tree.listing)
        return DesiredApp(manifest: manifest, tree: tree)
    }

    @Sendable func fetch(_ digest: [UInt8], _ offset: Int64, _ length: Int32) async throws -> [UInt8] {
        for file in files.values where SHA256.digest(of: file.bytes) == digest {
            return Array(file.bytes.dropFirst(Int(offset)).prefix(Int(length)))
        }
        throw ElvesError(.supervisorFileUnknown)
    }
}

/// An agent without connections: its parts over a worker host in this process.
struct Bench {
    let folder: Folder
    let host = WorkerHost(ownsProcess: false)
    let parts: AgentParts

    init(
        _ packages: [Package], settings: [String: String] = [:], folder: Folder? = nil,
        center: (any ThriftCaller)? = nil,
        bring: @escaping @Sendable (Duration) async -> Bool = { _ in true }
    ) async throws {
        let folder = try folder ?? Folder()
        self.folder = folder
        try folder.agent.prepare()
        var flags = [
            "root": folder.path, "scheduler": "127.0.0.1:1", "heartbeat": "127.0.0.1:2", "certificate": "c",
            "key": "k", "authority": "a", "grace": "1", "path": "/usr/bin:/bin",
        ]
        flags.merge(settings) { _, new in new }
        let configuration = try AgentConfiguration(Settings(file: nil, environment: [:], flags: flags))
        parts = try AgentParts(
            configuration, folder: folder.agent, workers: host, center: center, now: SystemTime.ms, bring: bring)
        for package in packages {
            let installer = Installer(folder: folder.agent, shelf: parts.shelf, fetch: package.fetch)
            let errors = await installer.apply(DesiredState(generation: 1, apps: [package.desired]))
            if let error = errors.first { throw error }
        }
    }

    func run(
        _ function: String, app: String = "app", param: String? = nil, timeoutMs: Int64? = nil, proxy: String? = nil,
        startByMs: Int64? = nil, files: [FileRef]? = nil
    ) async throws -> TaskResult {
        let result = try await parts.tasks.run(
            RunTask(
                taskId: freshTask(), attempt: 1, app: app, func: function, param: param, timeoutMs: timeoutMs,
                proxy: proxy, startByMs: startByMs, files: files))
        return result
    }

    func stop() async { await host.shutDown() }
}

/// Living processes one of whose arguments is `argument`.
func running(_ argument: String) -> Int {
    Disk.names(in: "/proc").filter { name in
        let words = (try? Disk.read("/proc/\(name)/cmdline"))?.split(separator: 0) ?? []
        return words.contains { Array($0) == Array(argument.utf8) }
    }.count
}

/// Whether a condition comes true within a minute.
func eventually(_ condition: () async -> Bool) async throws -> Bool {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(60)
    while clock.now < end {
        if await condition() { return true }
        try await clock.sleep(for: .milliseconds(5))
    }
    return false
}
