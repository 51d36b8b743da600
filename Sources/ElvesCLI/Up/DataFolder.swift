internal import ElvesCore
package import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The folder of an `elves up`: where everything lies.
package struct DataFolder: Sendable, Hashable {
    /// The folder itself, absolute.
    package let root: URL

    /// The folder at a path, absolute or below the working folder.
    package init(path: String) {
        let absolute = URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
        let trimmed = absolute.count > 1 && absolute.hasSuffix("/") ? String(absolute.dropLast()) : absolute
        root = URL(filePath: trimmed, directoryHint: .notDirectory)
    }

    /// Absolute path of something in it.
    package func path(_ parts: String...) -> String {
        parts.reduce(root) { $0.appending(path: $1) }.path(percentEncoded: false)
    }

    /// Address and credentials of the center, for later commands.
    package var credentials: String { path("credentials.json") }
    /// The log of a process; `.1` behind it is the part before.
    package func log(_ name: String) -> String { path("logs", "\(name).log") }

    /// Makes a folder inside that only this user may enter.
    package func make(_ parts: String...) throws {
        let folder = parts.reduce(root) { $0.appending(path: $1) }
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Failure(
                .cliFileUnreadable,
                "the folder \(folder.path(percentEncoded: false)) cannot be made: \(error.localizedDescription)",
                status: .usage)
        }
    }

    /// Writes a file that only this user may read, whole or not at all.
    package func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
        let temporary = "\(path).new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("write", path) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: Data(bytes))
        try handle.close()
        guard rename(temporary, path) == 0 else { throw Self.failure("write", path) }
    }

    static func failure(_ verb: String, _ path: String) -> Failure {
        Failure(
            .cliFileUnreadable, "cannot \(verb) \(path): \(String(cString: strerror(errno)))", status: .usage)
    }
}

/// Keeps a data folder to one `elves up`, for as long as this value lives.
///
/// The kernel lets go when the process ends, however it ends.
package final class DataLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock, or says who holds it.
    package init(_ folder: DataFolder) throws {
        let path = folder.path("lock")
        descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw DataFolder.failure("open", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = (try? String(contentsOfFile: path, encoding: .utf8)).flatMap { text in
                Int32(text.trimmingCharacters(in: .whitespacesAndNewlines))
            }
            close(descriptor)
            throw Failure(
                .cliUpRunning,
                "another elves up\(holder.map { " (pid \($0))" } ?? "") runs in "
                    + folder.root.path(percentEncoded: false),
                hint: "stop it\(holder.map { ": kill \($0)" } ?? ""), or choose another --data", status: .usage)
        }
    }

    /// Notes whom to stop to set the folder free.
    package func note(pid: Int32) {
        let text = Array("\(pid)\n".utf8)
        ftruncate(descriptor, 0)
        pwrite(descriptor, text, text.count, 0)
    }

    deinit { close(descriptor) }
}
