import Foundation
import Testing

/// The programs of other Thrift libraries, built once.
enum PeerPrograms {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The libraries that are asked.
    enum Library: CaseIterable {
        case cpp
        case python

        /// The program that decodes and encodes.
        func codec() throws -> PeerProcess {
            switch self {
            case .cpp: try cppCodec()
            case .python: try pythonCodec()
            }
        }

        /// The program that calls or serves.
        func calls(_ arguments: String...) throws -> PeerProcess {
            switch self {
            case .cpp: try cppCalls(arguments)
            case .python: try pythonCalls(arguments)
            }
        }
    }

    /// Enough to build the programs, which the first test does, and to ask them.
    static let timeLimit = TimeLimitTrait.Duration.minutes(5)

    /// Folder with the built programs; throws what went wrong when they cannot be built.
    static var folder: URL { get throws { try built.get() } }

    private static let built = Result { try build() }
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    private static func build() throws -> URL {
        let folder = root.deletingLastPathComponent().deletingLastPathComponent().appending(path: ".build/conformance")
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = [root.appending(path: "peers/build.sh").path, folder.path]
        let output = Pipe()
        process.standardError = output
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "cannot build the peers; `make deps` installs what they need:\n\(text)")
        }
        return folder
    }

    /// The fixtures' IDL as the compiler parsed it.
    static func schema() throws -> SchemaValues {
        try SchemaValues(
            xml: String(contentsOf: folder.appending(path: "gen-xml/everything.xml"), encoding: .utf8))
    }

    static func cppCodec() throws -> PeerProcess { try PeerProcess(folder.appending(path: "codec")) }

    static func pythonCodec() throws -> PeerProcess { try python("codec.py") }

    static func cppCalls(_ arguments: [String]) throws -> PeerProcess {
        try PeerProcess(folder.appending(path: "calls"), arguments)
    }

    static func pythonCalls(_ arguments: [String]) throws -> PeerProcess { try python("calls.py", arguments) }

    private static func python(_ script: String, _ arguments: [String] = []) throws -> PeerProcess {
        try PeerProcess(
            folder.appending(path: "venv/bin/python"),
            [root.appending(path: "peers/python/\(script)").path, folder.appending(path: "gen-py").path] + arguments)
    }
}

/// A running peer: a line asks, a line answers. One that says nothing for a minute is ended.
final class PeerProcess {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var rest: [UInt8] = []
    private static let patience = Duration.seconds(60)

    init(_ program: URL, _ arguments: [String] = []) throws {
        process.executableURL = program
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    deinit {
        try? input.fileHandleForWriting.close()
        // They end with their input; one that hangs does not hold the tests.
        let end = ContinuousClock.now + .seconds(10)
        while process.isRunning, ContinuousClock.now < end { usleep(5_000) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    /// Sends a line and waits for the answer; throws when the answer is not `ok …`.
    func ask(_ line: String) throws -> Substring {
        try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
        let answer = try readLine()
        guard answer.hasPrefix("ok ") || answer == "ok" else {
            throw PeerPrograms.Failure(description: "\(answer) for: \(line.prefix(300))")
        }
        return answer.dropFirst(3)
    }

    func readLine() throws -> String {
        while true {
            if let end = rest.firstIndex(of: 10) {
                let line = String(decoding: rest[..<end], as: UTF8.self)
                rest.removeSubrange(...end)
                return line
            }
            guard hears(within: Self.patience) else {
                kill(process.processIdentifier, SIGKILL)
                throw PeerPrograms.Failure(description: "the peer said nothing within \(Self.patience)")
            }
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw PeerPrograms.Failure(description: "the peer ended") }
            rest += more
        }
    }

    /// Waits until the peer has written something or has ended; false when it did neither within that time.
    private func hears(within limit: Duration) -> Bool {
        let end = ContinuousClock.now + limit
        while true {
            var output = pollfd(fd: output.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
            let left = (end - .now).components
            let milliseconds = left.seconds * 1_000 + left.attoseconds / 1_000_000_000_000_000
            let count = poll(&output, 1, Int32(clamping: max(0, milliseconds)))
            if count >= 0 || errno != EINTR { return count > 0 }
        }
    }
}
