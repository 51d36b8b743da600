import Foundation
import Testing

/// How much memory this process has had at most.
struct ProcessMemory {
    /// Bytes that were resident, since the last value that started anew.
    let residentPeak: Int
    /// Bytes of addresses that were taken, touched or not, since the process was started.
    let addressesPeak: Int

    /// Reads it from the kernel; `startingAnew` lets the kernel forget the resident peak first.
    init(startingAnew: Bool = false) throws {
        if startingAnew, let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") {
            try file.write(contentsOf: Data("5".utf8))
            try file.close()
        }
        let text = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        func bytes(_ name: String) throws -> Int {
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name + ":") })
            return try #require(line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }) << 10
        }
        residentPeak = try bytes("VmHWM")
        addressesPeak = try bytes("VmPeak")
    }
}
