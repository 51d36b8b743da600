internal import Dispatch
internal import Foundation
internal import Synchronization
internal import ThriftNIO

/// A process that the benchmark starts: it ends when its standard input does.
final class ChildProcess: Sendable {
    /// Those that run: they end with this program, however it ends.
    private static let running = Mutex<[Int32: Int32]>([:])

    private let process: Process
    private let input: Pipe
    private let output: Pipe
    private let stopSignal: Int32

    var pid: Int32 { process.processIdentifier }

    /// `stopSignal` asks it to end with all that it started.
    init(
        _ program: String, _ arguments: [String], errors: FileHandle? = nil, environment: [String: String]? = nil,
        stopSignal: Int32 = SIGTERM
    ) throws {
        self.stopSignal = stopSignal
        process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        input = Pipe()
        output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        if let errors { process.standardError = errors }
        if let environment { process.environment = environment }
        try process.run()
        let pid = process.processIdentifier
        Self.running.withLock { $0[pid] = stopSignal }
    }

    /// Lets INT and TERM end what this program started before they end this program.
    static func endWithThisProgram() -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                for (pid, signal) in running.withLock({ $0 }) { kill(pid, signal) }
                exit(128 + number)
            }
            source.resume()
            return source
        }
    }

    /// The path of a program of the same build.
    static func beside(_ name: String) -> String {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path + "/" + name
    }

    /// This program again, with other arguments.
    static func own(_ arguments: [String]) throws -> ChildProcess {
        try ChildProcess(URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path, arguments)
    }

    /// The next line on its standard output that `matches`. It waits on a thread of its own: reading blocks.
    func line(where matches: @escaping @Sendable (String) -> Bool) async throws -> String {
        let handle = output.fileHandleForReading
        let found = await withCheckedContinuation { (continuation: CheckedContinuation<String?, Never>) in
            Thread.detachNewThread {
                var rest = Data()
                while true {
                    let bytes = handle.availableData
                    if bytes.isEmpty { return continuation.resume(returning: nil) }
                    rest.append(bytes)
                    while let end = rest.firstIndex(of: 10) {
                        let line = String(decoding: rest[..<end], as: UTF8.self)
                        rest.removeSubrange(...end)
                        if matches(line) { return continuation.resume(returning: line) }
                    }
                }
            }
        }
        guard let found else {
            throw BenchFailure("\(process.executableURL?.lastPathComponent ?? "a process") ended early")
        }
        return found
    }

    /// The loopback port that it prints as its first line.
    func port() async throws -> ThriftAddress {
        let text = try await line { _ in true }
        guard let port = Int(text) else { throw BenchFailure("expected a port, got \"\(text)\"") }
        return .tcp(host: "127.0.0.1", port: port)
    }

    /// Ends it, and waits for its end.
    func stop() {
        kill(pid, stopSignal)
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
        Self.running.withLock { $0[process.processIdentifier] = nil }
    }

    /// Resident memory in KiB, as the kernel says; proportional set size where it is readable.
    func memory() -> (rss: Int, pss: Int) { ProcessFacts.read(pid) }
}

/// A measurement that could not be made.
package struct BenchFailure: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// Reads `/proc`.
enum ProcessFacts {
    /// Seconds of processor time so far, in user and kernel mode.
    static func processorSeconds(_ pid: Int32) -> Double {
        guard let fields = stat(pid), fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12])
        else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    static func read(_ pid: Int32) -> (rss: Int, pss: Int) {
        let text = (try? String(contentsOfFile: "/proc/\(pid)/smaps_rollup", encoding: .utf8)) ?? ""
        func number(_ key: String) -> Int {
            guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else { return 0 }
            return Int(line.split(separator: " ").dropFirst().first ?? "") ?? 0
        }
        return (number("Rss:"), number("Pss:"))
    }

    /// Pids of processes whose program has this name, among the descendants of a process.
    static func pids(named name: String, under ancestor: Int32) -> [Int32] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { Int32($0) }.filter { pid in
            let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/exe")
            guard program?.hasSuffix("/\(name)") == true else { return false }
            return sequence(first: pid, next: parent(of:)).contains(ancestor)
        }
    }

    private static func parent(of pid: Int32) -> Int32? {
        guard let fields = stat(pid), fields.count > 1, let parent = Int32(fields[1]), parent > 0 else { return nil }
        return parent
    }

    /// The fields of `/proc/PID/stat` after the program's name.
    private static func stat(_ pid: Int32) -> [Substring]? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let close = text.lastIndex(of: ")")
        else { return nil }
        return text[text.index(after: close)...].split(separator: " ")
    }

    /// Pids of the processes that a process has started.
    static func children(of parent: Int32) -> [Int32] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { Int32($0) }.filter { self.parent(of: $0) == parent }
    }

    /// Whether a process is an agent's runner.
    static func isRunner(_ pid: Int32) -> Bool {
        let words = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline")?.split(separator: 0) ?? []
        return words.dropFirst().first.map { String(decoding: $0, as: UTF8.self) } == "runner"
    }
}
