import ElvesClient
import Foundation

/// What a command came to.
struct Typed: Sendable, CustomStringConvertible {
    let status: Int32
    let output: String
    let errors: String

    var description: String { "exit \(status)\n\(output)\(errors)" }

    /// The one word that it printed.
    var word: String { output.trimmingCharacters(in: .whitespacesAndNewlines) }

    var json: JSONValue { get throws { try JSONDecoder().decode(JSONValue.self, from: Data(output.utf8)) } }

    var jsonLines: [JSONValue] {
        get throws {
            try output.split(separator: "\n").map { try JSONDecoder().decode(JSONValue.self, from: Data($0.utf8)) }
        }
    }
}

extension Typed {
    /// Runs a program to its end; nobody is at the keyboard.
    init(running program: URL, _ arguments: [String], _ environment: [String: String]) throws {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let problems = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        self.init(
            status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
            errors: String(decoding: problems, as: UTF8.self))
    }
}
