internal import ElvesCore
internal import Glibc

/// Held by the one process that may use a folder; let go when this value is.
final class FolderLock: Sendable {
    private let file: OpenFile

    init(_ path: String) throws(ElvesError) {
        file = try OpenFile(path, O_RDWR | O_CREAT, mode: 0o600)
        guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw ElvesError(
                .elvesStoreUnavailable, "another agent already uses this folder",
                hint: "Stop it first, or give this one a root of its own.")
        }
    }
}
