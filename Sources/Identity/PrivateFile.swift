internal import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The C library's `read`, where a method of that name hides it.
private func readBytes(_ file: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(file, bytes, count)
}

/// The C library's `write`, where a method of that name hides it.
private func writeBytes(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(file, bytes, count) }

/// Files that only their owner may read, written whole or not at all.
package enum PrivateFile {
    /// Why a private file cannot be used.
    package struct Failure: Error, Hashable, CustomStringConvertible {
        /// The file.
        package let path: String
        /// What was wrong.
        package let reason: String
        /// What would be right.
        package let hint: String
        /// Whether the file is open to others.
        package let isExposed: Bool

        /// Path, reason and hint on one line.
        package var description: String { "\(path): \(reason); \(hint)" }

        init(_ path: String, _ reason: String, hint: String, isExposed: Bool = false) {
            self.path = path
            self.reason = reason
            self.hint = hint
            self.isExposed = isExposed
        }
    }

    /// Writes the file beside its place, flushes it to disk and moves it there, with mode 0600.
    ///
    /// With `replacing: false` a file that is already there stays, and the call fails.
    package static func write(_ bytes: [UInt8], to path: String, replacing: Bool = true) throws(Failure) {
        let temporary = path + ".new-" + String(getpid()) + "-" + String(UInt32.random(in: 0 ... .max), radix: 16)
        let file = open(temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure(path, "cannot be written") }
        defer { unlink(temporary) }
        let written = writeAll(bytes, to: file) && fsync(file) == 0
        let problem = errno
        close(file)
        errno = problem
        guard written else { throw failure(path, "cannot be written") }
        // link(2) refuses an existing name, rename(2) replaces it; both are all or nothing.
        guard (replacing ? rename(temporary, path) : link(temporary, path)) == 0 else {
            throw errno == EEXIST
                ? Failure(path, "is already there", hint: "it is kept as it is; move it away to make a new one")
                : failure(path, "cannot be written")
        }
        syncFolder(of: path)
    }

    /// Reads the file, at most `limit` bytes, unless others may read or change it.
    package static func read(_ path: String, limit: Int = 1 << 20) throws(Failure) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure(path, "cannot be read") }
        defer { close(file) }
        guard let facts = try? FileDescriptor(rawValue: file).stat() else { throw failure(path, "cannot be read") }
        let mode = facts.permissions.rawValue & 0o777
        guard mode & 0o077 == 0 else {
            let mode = String(mode, radix: 8)
            throw Failure(
                path, "is open to others (mode \(mode))", hint: "let only its owner read it: chmod 600 \(path)",
                isExposed: true)
        }
        guard facts.size <= limit else {
            throw Failure(path, "has more than \(limit) bytes", hint: "is it the right file?")
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while bytes.count <= limit {
            let got = readBytes(file, &chunk, chunk.count)
            guard got >= 0 else { throw failure(path, "cannot be read") }
            guard got > 0 else { break }
            bytes += chunk[..<got]
        }
        return bytes
    }

    private static func writeAll(_ bytes: [UInt8], to file: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let count = writeBytes(file, buffer.baseAddress?.advanced(by: done), buffer.count - done)
                guard count > 0 else { return false }
                done += count
            }
            return true
        }
    }

    private static func syncFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func failure(_ path: String, _ what: String) -> Failure {
        let problem = errno
        let hint =
            switch problem {
            case ENOENT: "check that it, or its folder, is there"
            case EACCES, EPERM: "check its owner and mode"
            case ENOSPC: "free space on its disk"
            default: "check its path and its disk"
            }
        return Failure(path, "\(what): \(String(cString: strerror(problem)))", hint: hint)
    }
}
