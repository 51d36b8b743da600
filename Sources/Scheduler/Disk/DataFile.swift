import ElvesCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An open file, closed when it is let go. Everything blocks; errors name the file and tell a full disk apart.
final class DataFile: Sendable {
    enum Purpose {
        case read
        /// For reading and writing; it must be there.
        case update
        /// For reading and writing, mode 0600; it must not be there.
        case create
    }

    let path: String
    private let descriptor: Int32

    /// Opens or creates the file; links are not followed.
    init(_ path: String, for purpose: Purpose) throws(ElvesError) {
        self.path = path
        let flags =
            switch purpose {
            case .read: O_RDONLY
            case .update: O_RDWR
            case .create: O_RDWR | O_CREAT | O_EXCL
            }
        descriptor = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw DataFolder.failure(path) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Writes all of the bytes at a place, or throws: then some of them may be there.
    func write(_ bytes: UnsafeRawBufferPointer, at place: Int64) throws(ElvesError) {
        var done = 0
        while done < bytes.count {
            let count = pwrite(
                descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, off_t(place) + off_t(done))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw DataFolder.failure(path) }
            done += count
        }
    }

    func write(_ bytes: [UInt8], at place: Int64) throws(ElvesError) {
        var failure: ElvesError?
        bytes.withUnsafeBytes { raw in
            do throws(ElvesError) { try write(raw, at: place) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Up to `count` bytes from a place on; fewer only where the file ends.
    func read(at place: Int64, count: Int) throws(ElvesError) -> [UInt8] {
        guard place >= 0, count > 0 else { return [] }
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = pread(
                    descriptor, buffer.baseAddress?.advanced(by: filled), count - filled, off_t(place) + off_t(filled))
                if got < 0, errno == EINTR { continue }
                failed = got < 0
                guard got > 0 else { break }
                filled += got
            }
        }
        if failed { throw DataFolder.failure(path) }
        return bytes
    }

    func truncate(to size: Int64) throws(ElvesError) {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw DataFolder.failure(path) }
    }

    /// Returns when the content is safe from a power loss.
    func sync() throws(ElvesError) {
        guard fsync(descriptor) == 0 else { throw DataFolder.failure(path) }
    }

    var size: Int64 {
        get throws(ElvesError) {
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { throw DataFolder.failure(path) }
            return Int64(status.st_size)
        }
    }
}
