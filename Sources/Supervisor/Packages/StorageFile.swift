internal import ElvesCore
internal import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A file that is being written; closed when it is let go.
final class StorageFile {
    let path: String
    private let descriptor: Int32

    /// Creates the file, mode 0600; it must not be there.
    init(creating path: String) throws {
        self.path = path
        descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    /// Opens a file for reading; nil when there is none.
    init?(reading path: String) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 {
            guard errno == ENOENT else { throw Self.failure(path) }
            return nil
        }
    }

    deinit { close(descriptor) }

    func append(_ bytes: UnsafeRawBufferPointer) throws {
        var done = 0
        while done < bytes.count {
            let count = write(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
            guard count > 0 else { throw Self.failure(path) }
            done += count
        }
    }

    func sync() throws {
        guard fsync(descriptor) == 0 else { throw Self.failure(path) }
    }

    var size: Int64 {
        get throws {
            guard let facts = try? FileDescriptor(rawValue: descriptor).stat() else { throw Self.failure(path) }
            return facts.size
        }
    }

    func read(at offset: Int64, count: Int) throws -> [UInt8] {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = pread(
                    descriptor, buffer.baseAddress?.advanced(by: filled), count - filled, off_t(offset) + off_t(filled))
                failed = got < 0
                guard got > 0 else { break }
                filled += got
            }
        }
        if failed { throw Self.failure(path) }
        return bytes
    }

    // MARK: Names

    static func size(of path: String) -> Int64? {
        (try? Stat(FilePath(path), followTargetSymlink: false))?.size
    }

    static func move(_ path: String, to target: String) throws {
        guard rename(path, target) == 0 else { throw failure(target) }
    }

    static func makeFolder(_ path: String) throws {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure(path) }
    }

    /// Makes the names in a folder safe from a power loss.
    static func syncFolder(_ path: String) throws {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw failure(path) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw failure(path) }
    }

    private static func failure(_ path: String) -> ElvesError {
        let problem = errno
        if problem == ENOSPC || problem == EDQUOT {
            return ElvesError(.elvesStoreFull, "no room left for \(path)", details: ["path": path])
        }
        return ElvesError(
            .elvesStoreUnavailable, "cannot use \(path): \(String(cString: strerror(problem)))",
            details: ["path": path])
    }
}
