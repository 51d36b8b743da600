import ElvesClient
import Foundation
import Synchronization
import Testing
import ThriftNIO

/// An `elves up` from the build folder, in a folder of its own. Ended at the latest with this value.
final class RunningCenter: Sendable {
    /// How long anything may take before the test fails.
    static let patience = Duration.seconds(60)

    let folder: URL
    let process: Process
    private let zone: String?
    private let output = Lines()
    private let errors = Lines()

    /// Starts it and waits for `ready`.
    ///
    /// - Parameters:
    ///   - zone: the center's time zone, unless it is this machine's.
    ///   - apps: apps beside `hello`.
    ///   - prepare: gets the data folder's path before anything is in it.
    static func start(
        agents: Int, zone: String? = nil, apps: [TestApp] = [], prepare: (String) throws -> Void = { _ in }
    ) async throws -> RunningCenter {
        let center = try RunningCenter(agents: agents, zone: zone, apps: apps, prepare: prepare)
        try await center.until("ready") { center.readyURL != nil }
        return center
    }

    /// Starts it.
    init(
        agents: Int, zone: String? = nil, apps: [TestApp] = [], prepare: (String) throws -> Void = { _ in }
    ) throws {
        self.zone = zone
        folder = FileManager.default.temporaryDirectory.appending(path: "elves-it-\(UUID().uuidString.prefix(8))")
        process = Process()
        try prepare(dataPath)
        process.executableURL = Self.program("elves")
        process.arguments = [
            "up", "--data", dataPath, "--port", "0", "--agents", String(agents), "--apps",
            folder.appending(path: "apps").path(percentEncoded: false),
        ]
        process.environment = environment
        process.standardOutput = output.pipe()
        process.standardError = errors.pipe()
        _ = try addApp("hello", in: "apps")
        for app in apps { try app.write(to: folder.appending(path: "apps")) }
        try process.run()
    }

    /// Writes an app folder that has `hello`'s functions; answers with its path.
    func addApp(_ name: String, in parent: String = "more") throws -> String {
        let app = folder.appending(path: parent).appending(path: name)
        try FileManager.default.createDirectory(at: app, withIntermediateDirectories: true)
        let manifest = Self.manifest.replacing("name: hello", with: "name: \(name)")
        try Data(manifest.utf8).write(to: app.appending(path: "app.yaml"))
        try Data(Self.worker.utf8).write(to: app.appending(path: "worker.sh"))
        return app.path(percentEncoded: false)
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGTERM) }
        process.waitUntilExit()
        for pid in processes { kill(pid, SIGKILL) }
        try? FileManager.default.removeItem(at: folder)
    }

    private static let manifest = """
        name: hello
        version: 1.0.0
        entry: [sh, worker.sh]
        functions:
          - name: greet
            idempotent: true
          - name: fail
          - name: sleep
          - name: nap
          - name: wait
          - name: stubborn
        """

    private static let worker = #"""
        case $ELVES_FUNCTION in
            greet) printf '"hello from %s"' "$ELVES_FUNCTION" >&3 ;;
            fail) printf '{"error": "as asked"}' >&3; exit 1 ;;
            sleep) sleep 600 ;;
            nap)
                read -r request; mark=${request#*\"mark\":\"}; mark=${mark%%\"*}
                : > "$mark"; sleep 4; : > "$mark.done"; printf '"rested"' >&3 ;;
            wait)
                read -r request; mark=${request#*\"mark\":\"}; mark=${mark%%\"*}
                : > "$mark"; while [ ! -e "$mark.go" ]; do sleep 0.05; done; printf '"waited"' >&3 ;;
            stubborn) trap '' TERM; (setsid sleep 600 &); while :; do sleep 600; done ;;
        esac
        """#

    /// A program of this build.
    static func program(_ name: String) -> URL {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: own).deletingLastPathComponent().appending(path: name)
    }

    var dataPath: String { folder.appending(path: "data").path(percentEncoded: false) }
    var said: String { errors.all.joined(separator: "\n") }

    /// The ends of all logs, for a failure's report.
    var logs: String {
        let folder = URL(filePath: dataPath).appending(path: "logs")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []
        return names.sorted().map { name in
            let text = (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? ""
            return "== \(name)\n" + text.split(separator: "\n").suffix(8).joined(separator: "\n")
        }.joined(separator: "\n")
    }

    /// The log of one component.
    func logs(of role: String) -> String {
        (try? String(contentsOfFile: "\(dataPath)/logs/elves-\(role).log", encoding: .utf8)) ?? ""
    }

    var environment: [String: String] {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let own = ["HOME": folder.path(percentEncoded: false), "PATH": path]
        return zone.map { own.merging(["TZ": $0]) { $1 } } ?? own
    }

    /// Where a component listens for Thrift.
    func address(of role: String) throws -> ThriftAddress {
        struct Ports: Decodable { var thrift: [String: Int] }
        let data = try Data(contentsOf: URL(filePath: dataPath).appending(path: "ports.json"))
        return .tcp(
            host: "127.0.0.1", port: try #require(try JSONDecoder().decode(Ports.self, from: data).thrift[role]))
    }

    /// What follows `ready `, once it was said.
    var readyURL: URL? {
        output.all.first { $0.hasPrefix("ready ") }.flatMap { URL(string: String($0.dropFirst(6))) }
    }

    /// A client with the credentials that `elves up` wrote.
    func client() throws -> ElvesCenter {
        let credentials = try credentials()
        return ElvesCenter(
            url: try #require(URL(string: credentials["url"] ?? "")), credentials: .token(credentials["token"] ?? ""))
    }

    func credentials() throws -> [String: String] {
        let data = try Data(contentsOf: URL(filePath: dataPath).appending(path: "credentials.json"))
        return try JSONDecoder().decode([String: String].self, from: data)
    }

    /// Runs `elves` with arguments to its end.
    func elves(_ arguments: String...) async throws -> Typed { try await typed(arguments) }

    /// Waits for a condition; fails the test when it takes too long.
    func until(_ what: String, within limit: Duration = patience, _ condition: () async -> Bool) async throws {
        let clock = ContinuousClock()
        let deadline = clock.now + limit
        while await !condition() {
            guard clock.now < deadline else {
                Issue.record("not within \(limit): \(what)\n\(said)\n\(logs)")
                throw CancellationError()
            }
            try await clock.sleep(for: .milliseconds(50))
        }
    }

    /// Every living process that was started from this data folder: its path is in their command lines.
    var processes: [Int32] { Self.processes(naming: dataPath) }

    /// Every living process whose command line has that text.
    static func processes(naming text: String) -> [Int32] { processes { $0.contains(text) } }

    /// The process whose command line ends with that part.
    func pid(of part: String) -> Int32? { Self.processes { $0.contains(dataPath) && $0.contains(part) }.first }

    private static func processes(_ matches: (String) -> Bool) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap(Int32.init).filter { pid in
            guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline"), !data.isEmpty else {
                return false
            }
            let words = data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            return matches(words.joined(separator: " "))
        }
    }
}

/// What a process wrote.
final class Lines: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isComplete = false
    }

    private let state = Mutex(State())

    /// All of it so far.
    var bytes: [UInt8] { state.withLock { $0.bytes } }
    /// The same as text.
    var text: String { String(decoding: bytes, as: UTF8.self) }
    /// Its lines so far.
    var all: [String] { text.split(separator: "\n").map(String.init) }
    /// Whether nothing more can come.
    var isComplete: Bool { state.withLock { $0.isComplete } }

    /// A pipe whose content is taken in as it comes.
    func pipe() -> Pipe {
        let pipe = Pipe()
        pipe.fileHandleForReading.readabilityHandler = { [self] handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil }
            state.withLock {
                $0.bytes += data
                if data.isEmpty { $0.isComplete = true }
            }
        }
        return pipe
    }
}
