package import GRDB

/// Why a store could not do what was asked, in words for people and with a code of the error registry.
///
/// Errors that a transaction's own body throws pass through as they are; only what SQLite itself
/// reports about the file, the disk or the store's format becomes a `StorageError`.
package struct StorageError: Error, Hashable, CustomStringConvertible {
    /// What kind of trouble it is.
    package enum Kind: Sendable, Hashable {
        /// No room: the disk or the store's own limit is used up. Nothing of the transaction is kept.
        case full
        /// The file is damaged or is not an SQLite database.
        case damaged
        /// The file or its folder cannot be opened or written.
        case access
        /// The disk reported an error.
        case device
        /// Another process uses the store.
        case locked
        /// A newer program wrote the store.
        case newer
        /// Too many writers wait already.
        case overloaded
    }

    /// What kind of trouble it is.
    package let kind: Kind
    /// What was wrong, in one sentence.
    package let message: String
    /// What would be right, or what to try.
    package let hint: String

    /// An error with everything said.
    package init(_ kind: Kind, _ message: String, hint: String) {
        self.kind = kind
        self.message = message
        self.hint = hint
    }

    /// The registry code.
    package var code: String {
        switch kind {
        case .full: "elves.store.full"
        case .damaged: "elves.store.damaged"
        case .newer: "elves.store.newer"
        case .access, .device, .locked: "elves.store.unavailable"
        case .overloaded: "elves.overloaded"
        }
    }

    /// Whether the same call may succeed later without a change to it.
    package var retryable: Bool {
        switch kind {
        case .full, .device, .locked, .overloaded: true
        case .damaged, .access, .newer: false
        }
    }

    /// Code, message and hint on one line.
    package var description: String { "\(code): \(message); \(hint)" }
}

extension StorageError {
    /// The error of a store for what SQLite reported, or nil when it is about the statement, not the store.
    package init?(_ error: DatabaseError, path: String) {
        let said = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        if error.extendedResultCode == .SQLITE_IOERR_SHMSIZE || error.resultCode == .SQLITE_FULL {
            self.init(
                .full, "no room left for \(path)",
                hint: "free space on its disk, or raise the store's size limit; nothing half-done was kept")
            return
        }
        switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self.init(.damaged, "\(path) is damaged: \(said)", hint: "stop the component and restore a backup")
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(.access, "cannot open \(path) for writing: \(said)", hint: "check its folder's owner and mode")
        case .SQLITE_IOERR, .SQLITE_NOLFS:
            self.init(.device, "the disk failed under \(path): \(said)", hint: "check the disk and the kernel's log")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.locked, "another process holds \(path)", hint: "stop the other process that uses this store")
        default:
            return nil
        }
    }

    /// `error` as a `StorageError` when it is SQLite's word about the store; otherwise `error` itself.
    static func translate(_ error: any Error, path: String) -> any Error {
        guard let database = error as? DatabaseError else { return error }
        return StorageError(database, path: path) ?? database
    }
}
