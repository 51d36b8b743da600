internal import GRDB

/// What a committed transaction survives.
package enum Durability: Int, Sendable, Hashable {
    /// A crash of the process, but a power loss may take the last ones (`synchronous=NORMAL`).
    case buffered = 1
    /// Also a power loss: fsynced before the caller hears of it (`synchronous=FULL`).
    case synced = 2

    /// Switches the connection, outside of a transaction, and makes sure that it took.
    func apply(to db: Database) throws {
        try db.execute(sql: "PRAGMA synchronous = \(rawValue)")
        let value = try Int.fetchOne(db, sql: "PRAGMA synchronous")
        guard value == rawValue else {
            throw DatabaseError(
                resultCode: .SQLITE_MISUSE,
                message: "synchronous is \(value.map(String.init) ?? "unreadable"), not \(rawValue)")
        }
    }
}
