import ElvesClient
import Foundation
import Testing

/// A command that runs while the test goes on; ended at the latest with this value.
final class RunningCommand: Sendable {
    let output = Lines()
    let errors = Lines()
    private let process = Process()

    init(_ program: URL, _ arguments: [String], _ environment: [String: String]) throws {
        process.executableURL = program
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output.pipe()
        process.standardError = errors.pipe()
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    /// Its exit code, once it has ended and all that it wrote is here.
    var status: Int32? {
        !process.isRunning && output.isComplete && errors.isComplete ? process.terminationStatus : nil
    }
}

extension RunningCenter {
    /// Starts `elves` with the words of a line.
    func typing(_ line: String) throws -> RunningCommand {
        try RunningCommand(Self.program("elves"), line.split(separator: " ").map(String.init), environment)
    }

    /// Starts `curl` on a path of the REST API.
    func curling(_ path: String, _ arguments: String...) throws -> RunningCommand {
        try RunningCommand(URL(filePath: "/usr/bin/curl"), ["-sN"] + arguments + (try authorized(path)), environment)
    }

    /// Runs `curl` on a path of the REST API to its end.
    func curl(_ path: String, _ arguments: String...) throws -> Typed {
        try Typed(running: URL(filePath: "/usr/bin/curl"), ["-s"] + arguments + (try authorized(path)), environment)
    }

    private func authorized(_ path: String) throws -> [String] {
        let own = try credentials()
        return ["-H", "Authorization: Bearer \(own["token"] ?? "")", (own["url"] ?? "") + path]
    }

    /// Kills a part of it by `kill -9`, perhaps changes its settings, and returns when it runs again.
    func restart(_ part: String, adding settings: String = "") async throws {
        let pid = try #require(self.pid(of: part), "\(part) does not run")
        if !settings.isEmpty {
            let file = try FileHandle(forUpdating: URL(filePath: "\(dataPath)/config/\(part)"))
            try file.seekToEnd()
            try file.write(contentsOf: Data(settings.utf8))
            try file.close()
        }
        kill(pid, SIGKILL)
        try await until("\(part) runs again") { self.pid(of: part).map { $0 != pid } ?? false }
    }

    /// Returns when calls succeed on that agent.
    func works(on target: String = "127.0.0.1") async throws {
        let center = try client()
        try await until("the next call works") {
            await (try? center.run("hello", "greet", on: target).state) == .succeeded
        }
    }
}

/// Server-Sent Events, as they lie in a stream.
struct ServerEvent: Sendable {
    var name = ""
    var id: String?
    var data = ""

    /// The whole events in these bytes.
    static func parse(_ bytes: [UInt8]) -> [ServerEvent] {
        let text = String(decoding: bytes, as: UTF8.self)
        let blocks = text.components(separatedBy: "\n\n").dropLast()
        return blocks.compactMap { block in
            var event = ServerEvent()
            for line in block.split(separator: "\n") where !line.hasPrefix(":") {
                let parts = line.split(separator: ":", maxSplits: 1)
                let value = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
                switch parts[0] {
                case "event": event.name = value
                case "id": event.id = value
                case "data": event.data += value
                default: break
                }
            }
            return event.data.isEmpty ? nil : event
        }
    }
}
