import GRDB

/// How far something has come, kept in the file.
enum Mark: String {
    /// Events up to this one are in the indexes of lists.
    case indexed
    /// Events up to this one were deleted.
    case lost
    /// Heartbeat's start, and how far its events were taken over.
    case fleetEpoch
    case fleetAfter

    func value(in db: Database) throws -> Int64? {
        try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT value FROM mark WHERE name = ?"), arguments: [rawValue])
    }

    func set(_ value: Int64, in db: Database) throws {
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO mark (name, value) VALUES (?, ?)")
            .execute(arguments: [rawValue, value])
    }
}
