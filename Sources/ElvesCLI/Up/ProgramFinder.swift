internal import ElvesCore
internal import Foundation

/// Finds the components' programs: in ELVES_BIN, beside this program, then in PATH.
package struct ProgramFinder: Sendable {
    private let folders: [String]

    /// A finder for a program at a path in an environment.
    package init(own: String, environment: [String: String]) {
        let beside = URL(filePath: own).deletingLastPathComponent().path(percentEncoded: false)
        let named = environment["ELVES_BIN"].map { [$0] } ?? []
        let path = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        folders = (named + [beside] + path).filter { $0.hasPrefix("/") }
    }

    /// A finder for this program.
    package init(environment: [String: String]) {
        self.init(own: Self.ownPath, environment: environment)
    }

    /// Absolute path of this program.
    package static var ownPath: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            ?? Bundle.main.executablePath ?? CommandLine.arguments[0]
    }

    /// Absolute path of a program.
    package func find(_ name: String) throws -> String {
        for folder in folders {
            let path = URL(filePath: folder).appending(path: name).path(percentEncoded: false)
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        throw Failure(
            .cliUpProgram, "\(name) is neither beside elves nor in PATH",
            hint: "build it, or name its folder in ELVES_BIN", status: .usage)
    }
}
