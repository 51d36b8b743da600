internal import ElvesCore
internal import Glibc

/// Held by the one process that may use a folder; let go when this value is. The file says which process that is.
final class FolderLock: Sendable {
    private let file: OpenFile

    /// The process that holds it; nil when none does.
    static func holder(_ path: String) -> Int32? {
        guard let file = try? OpenFile(path, O_RDONLY), flock(file.descriptor, LOCK_SH | LOCK_NB) != 0,
            let bytes = try? file.read(at: 0, count: 16, path: path)
        else { return nil }
        let digits = bytes.prefix { $0 > 0x20 }
        return Int32(String(decoding: digits, as: UTF8.self)).flatMap { $0 > 1 ? $0 : nil }
    }

    init(_ path: String) throws(ElvesError) {
        file = try OpenFile(path, O_RDWR | O_CREAT, mode: 0o600)
        guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw ElvesError(
                .elvesStoreUnavailable, "another agent already uses this folder",
                hint: "Stop it first, or give this one a root of its own.")
        }
        ftruncate(file.descriptor, 0)
        // Only for people and for `elves-agent stop`: the lock does not depend on it.
        try? file.write(Array("\(getpid())\n".utf8))
    }
}
