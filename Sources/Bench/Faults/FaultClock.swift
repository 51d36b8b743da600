internal import Foundation

/// The wall clock of one machine of a fault run: as wrong as its file says, for the programs that preload the library.
final class FaultClock: Sendable {
    /// What those programs need in their environment.
    let environment: [String: String]
    private let path: String

    /// A clock that is right. Throws when the library was not built.
    init(_ path: String) throws {
        let library = ChildProcess.beside("libelves-fault-clock.so")
        guard FileManager.default.fileExists(atPath: library) else {
            throw BenchFailure("clock steps need \(library): build the whole package, or say --no-clock")
        }
        self.path = path
        environment = ["LD_PRELOAD": library, "ELVES_FAULT_CLOCK": path]
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Self.bytes(0).write(to: URL(filePath: path))
    }

    /// From now on it is so many seconds ahead.
    func set(ahead seconds: Int) throws {
        // In place and at once: programs have the file mapped.
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        defer { try? file.close() }
        try file.write(contentsOf: Self.bytes(Int64(seconds)))
    }

    /// UTC milliseconds by a clock that is as far behind as one of them may be: what is signed then is valid by all.
    static var slowestMs: Int64 {
        Int64(Date.now.timeIntervalSince1970 * 1000) - Int64(FaultPlan.clockError) * 1000
    }

    private static func bytes(_ seconds: Int64) -> Data { withUnsafeBytes(of: seconds) { Data($0) } }
}
