internal import ElvesCore
internal import GRDB

/// What SQLite reports about a store, as errors of the registry.
enum StorageError {
    /// `error` itself, unless it is SQLite's word about the store rather than about a statement.
    static func translate(_ error: any Error, path: String) -> any Error {
        guard let database = error as? DatabaseError else { return error }
        let said = database.message ?? "SQLite error \(database.extendedResultCode.rawValue)"
        if database.extendedResultCode == .SQLITE_IOERR_SHMSIZE { return full(path, database) }
        return switch database.resultCode {
        case .SQLITE_FULL: full(path, database)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: damaged(path, said)
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            unavailable(
                "cannot open \(path) for writing: \(said)", hint: "check its folder's owner and mode", database)
        case .SQLITE_IOERR, .SQLITE_NOLFS:
            unavailable(
                "the disk failed under \(path): \(said)", hint: "check the disk and the kernel's log", database)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            unavailable(
                "another process holds \(path)", hint: "stop the other process that uses this store", database)
        default: database
        }
    }

    /// No room, on the disk or within the store's own limit; nothing of the transaction is kept.
    static func full(_ path: String, _ cause: (any Error)? = nil) -> ElvesError {
        ElvesError(
            .elvesStoreFull, "no room left for \(path)",
            hint: "free space on its disk, or raise the store's size limit; nothing half-done was kept",
            details: ["path": path], cause: cause)
    }

    /// The content makes no sense.
    static func damaged(_ path: String, _ finding: String) -> ElvesError {
        ElvesError(.elvesStoreDamaged, "\(path) is damaged: \(finding)", details: ["path": path])
    }

    /// The file cannot be used as it is.
    static func unavailable(_ message: String, hint: String, _ cause: (any Error)? = nil) -> ElvesError {
        ElvesError(.elvesStoreUnavailable, message, hint: hint, cause: cause)
    }
}
