#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Holds a lock file for as long as it lives; the kernel lets go when the process ends, however it ends.
final class FileLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock, or says who should stop.
    init(path: String) throws {
        descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw StorageError.unavailable(
                "cannot open \(path): \(reason)", hint: "check that its folder is there and writable")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw StorageError.unavailable(
                "another process uses the store of \(path)",
                hint: "stop the other instance, or give this one its own data folder")
        }
    }

    deinit { close(descriptor) }
}

/// Creates an empty file that only its owner can read, unless there is a file already.
func createPrivately(_ path: String) throws {
    let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
        if errno == ENOSPC { throw StorageError.full(path) }
        let reason = String(cString: strerror(errno))
        throw StorageError.unavailable(
            "cannot create \(path): \(reason)", hint: "check that its folder is there and writable")
    }
    close(descriptor)
}
