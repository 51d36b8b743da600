import CElvesProcess
import Glibc
import Synchronization
import Testing

@testable import Runner

/// A host for one test, stopped after it.
func withHost<Result: Sendable>(
    usesPidfds: Bool = true, _ body: (WorkerHost) async throws -> Result
) async throws -> Result {
    let host = WorkerHost(ownsProcess: false, usesPidfds: usesPidfds)
    do {
        let result = try await body(host)
        await host.shutDown()
        return result
    } catch {
        await host.shutDown()
        throw error
    }
}

/// A folder of one test's own, removed after it.
final class Folder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/elves-runner-test.XXXXXX".utf8CString)
        path = String(cString: try #require(mkdtemp(&template)))
        mkdir(path + "/run", 0o700)
    }

    deinit {
        for folder in [path + "/run", path] {
            guard let open = opendir(folder) else { continue }
            while let entry = readdir(open) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                unlink(folder + "/" + name)
            }
            closedir(open)
            rmdir(folder)
        }
    }
}

/// Whether this process may make version 2 cgroups.
let hasGroups = GroupPlace.own().map { access($0, W_OK) == 0 } ?? false

/// A host whose workers are born in cgroups, stopped after the test.
func withGroups<Result: Sendable>(_ body: (WorkerHost, _ path: String) async throws -> Result) async throws -> Result {
    let folder = try Folder()
    let groups = try await WorkerGroups.prepare(.own, root: folder.path).get()
    let path = groups.path
    let host = WorkerHost(ownsProcess: false, groups: groups)
    do {
        let result = try await body(host, path)
        await host.shutDown()
        return result
    } catch {
        await host.shutDown()
        throw error
    }
}

private let lastTask = Mutex<Int64>(elves_wall_ms() << 12)

/// A key that no other test uses.
func freshKey() -> AttemptKey {
    AttemptKey(
        taskId: lastTask.withLock {
            $0 += 1
            return $0
        })
}

extension WorkerOrder {
    /// A worker that is a shell script.
    static func shell(_ script: String, timeout: Duration? = .seconds(60), grace: Duration = .seconds(5)) -> Self {
        WorkerOrder(
            key: freshKey(), command: ["/bin/sh", "-c", script], environment: ["PATH": "/usr/bin:/bin"],
            timeout: timeout, grace: grace)
    }
}

extension CapturedBytes {
    var text: String { String(decoding: head, as: UTF8.self) }
}

/// Pids of living processes one of whose arguments is `argument`.
func processes(withArgument argument: String) -> [Int32] {
    ProcFile.pids().filter { pid in
        let words = ProcFile.read("/proc/\(pid)/cmdline")?.split(separator: 0) ?? []
        return words.contains { Array($0) == Array(argument.utf8) }
    }
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
