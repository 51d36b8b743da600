internal import Foundation
internal import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The log of one process: the process writes to the descriptor, this bounds the size.
///
/// When the file is full its content moves to `.1`, and the file starts anew under the same
/// descriptor; a line written between the two steps is lost.
package final class LogFile: Sendable {
    /// Bytes of a full file.
    package static let usualLimit: Int64 = 8 << 20

    /// Where the log is.
    package let path: String
    /// Open for appending; belongs to this value.
    package let descriptor: Int32
    private let limit: Int64

    /// Opens the log, its old content kept.
    package init(path: String, limit: Int64 = LogFile.usualLimit) throws {
        self.path = path
        self.limit = limit
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw DataFolder.failure("open", path) }
    }

    deinit { close(descriptor) }

    /// Moves a full file's content away.
    package func rotateIfFull() {
        guard let facts = try? FileDescriptor(rawValue: descriptor).stat(), facts.size >= limit else { return }
        let old = "\(path).1"
        try? FileManager.default.removeItem(atPath: old)
        try? FileManager.default.copyItem(atPath: path, toPath: old)
        ftruncate(descriptor, 0)
    }

    /// The last lines, to show why a process ended.
    package static func lastLines(ofFile path: String, count: Int) -> [String] {
        guard let handle = FileHandle(forReadingAtPath: path) else { return [] }
        defer { try? handle.close() }
        let end = (try? handle.seekToEnd()) ?? 0
        try? handle.seek(toOffset: end > 16384 ? end - 16384 : 0)
        let data = ((try? handle.readToEnd()) ?? nil) ?? Data()
        return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).suffix(count).map(String.init)
    }
}
