internal import Foundation
internal import ThriftNIO

/// A process that the benchmark starts: it ends when its standard input does.
final class ChildProcess: Sendable {
    private let process: Process
    private let input: Pipe
    private let output: Pipe

    var pid: Int32 { process.processIdentifier }

    init(_ program: String, _ arguments: [String], errors: FileHandle? = nil) throws {
        process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        input = Pipe()
        output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        if let errors { process.standardError = errors }
        try process.run()
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
        process.terminate()
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// Resident memory in KiB, as the kernel says; proportional set size where it is readable.
    func memory() -> (rss: Int, pss: Int) { ProcessMemory.read(pid) }
}

/// A measurement that could not be made.
package struct BenchFailure: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// Reads `/proc`.
enum ProcessMemory {
    static func read(_ pid: Int32) -> (rss: Int, pss: Int) {
        let text = (try? String(contentsOfFile: "/proc/\(pid)/smaps_rollup", encoding: .utf8)) ?? ""
        func number(_ key: String) -> Int {
            guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else { return 0 }
            return Int(line.split(separator: " ").dropFirst().first ?? "") ?? 0
        }
        return (number("Rss:"), number("Pss:"))
    }

    /// Pids of processes whose program has this name.
    static func pids(named name: String, under parent: Int32) -> [Int32] {
        children(of: parent).filter { pid in
            let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/exe")
            return program?.hasSuffix("/\(name)") == true
        }
    }

    /// Pids of the processes that a process has started.
    static func children(of parent: Int32) -> [Int32] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { Int32($0) }.filter { pid in
            guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
                let close = stat.lastIndex(of: ")")
            else { return false }
            let fields = stat[stat.index(after: close)...].split(separator: " ")
            return fields.count > 1 && Int32(fields[1]) == parent
        }
    }

    /// Whether a process is an agent's runner.
    static func isRunner(_ pid: Int32) -> Bool {
        let words = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline")?.split(separator: 0) ?? []
        return words.dropFirst().first.map { String(decoding: $0, as: UTF8.self) } == "runner"
    }
}
