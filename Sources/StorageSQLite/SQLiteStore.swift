package import GRDB

/// One component's SQLite file: opened the one right way, migrated, held by this process alone.
///
/// Reads run beside the writer (WAL). Writes are transactions that `GroupCommit` joins: many
/// concurrent callers share one fsync, and a caller alone never waits for company.
///
/// ```swift
/// let store = try SQLiteStore.open("\(folder)/heartbeat.sqlite", migrations: [
///     Migration(1, "agents", sql: "CREATE TABLE agent (id INTEGER PRIMARY KEY, ip TEXT NOT NULL UNIQUE) STRICT")
/// ])
/// try await store.write { db in
///     try db.execute(sql: "INSERT INTO agent VALUES (?, ?)", arguments: [1, "10.0.0.1"])
/// }
/// try await store.write(.buffered) { db in /* write-behind: survives a crash, not a power loss */ }
/// let ips = try await store.read { db in try String.fetchAll(db, sql: "SELECT ip FROM agent") }
/// ```
package final class SQLiteStore: Sendable {
    /// What can be set about a store.
    package struct Options: Sendable {
        /// Reading connections at most.
        package var readers: Int
        /// Bytes that the file may grow to, rounded to pages; writes past it fail as on a full disk.
        package var maxBytes: Int64?
        /// Writers that may wait at once; one more is refused with `elves.overloaded`.
        package var maxWaiting: Int

        /// The defaults: 4 readers, no limit but the disk, 16,384 waiting writers.
        package init(readers: Int = 4, maxBytes: Int64? = nil, maxWaiting: Int = 16_384) {
            self.readers = readers
            self.maxBytes = maxBytes
            self.maxWaiting = maxWaiting
        }
    }

    /// Where the file lies.
    package let path: String
    private let pool: DatabasePool
    private let commits: GroupCommit
    private let lock: FileLock

    private init(path: String, pool: DatabasePool, commits: GroupCommit, lock: FileLock) {
        self.path = path
        self.pool = pool
        self.commits = commits
        self.lock = lock
    }

    /// Opens or creates the file (mode 0600) and applies the migrations that it lacks.
    ///
    /// Throws an `ElvesError`: `elves.store.unavailable` when another process has it,
    /// `elves.store.newer` when a newer program wrote it.
    package static func open(
        _ path: String, options: Options = Options(), migrations: [Migration]
    ) throws -> SQLiteStore {
        let lock = try FileLock(path: path + ".lock")
        try createPrivately(path)
        do {
            let pool = try DatabasePool(path: path, configuration: configuration(options))
            try pool.writeWithoutTransaction { db in try prepareWriter(db, options) }
            try migrations.apply(to: pool)
            let commits = GroupCommit(pool: pool, path: path, maxWaiting: options.maxWaiting)
            return SQLiteStore(path: path, pool: pool, commits: commits, lock: lock)
        } catch {
            throw StorageError.translate(error, path: path)
        }
    }

    /// Reads one consistent state of the store.
    package func read<T: Sendable>(_ body: @Sendable (Database) throws -> T) async throws -> T {
        do {
            return try await pool.read(body)
        } catch {
            throw StorageError.translate(error, path: path)
        }
    }

    /// The same on the caller's thread: for what has to be known before the store is used.
    package func readNow<T>(_ body: (Database) throws -> T) throws -> T {
        do {
            return try pool.read(body)
        } catch {
            throw StorageError.translate(error, path: path)
        }
    }

    /// Runs `body` as one transaction and returns once its effect is as safe as `durability` says.
    ///
    /// When `body` throws, nothing of it is kept and its error passes through. Cancelling the
    /// caller does not take back a transaction that was handed in.
    package func write<T: Sendable>(
        _ durability: Durability = .synced, _ body: @escaping @Sendable (Database) throws -> T
    ) async throws -> T {
        try await commits.write(durability, body)
    }

    /// How many transactions were handed in, and in how many commits they went to disk.
    package var counts: GroupCommit.Counts { commits.counts }

    /// Bytes that the store's content takes in the file, free pages not counted.
    package func usedBytes() async throws -> Int64 {
        try await read { db in
            let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            let free = try Int64.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
            return (pages - free) * (try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0)
        }
    }

    /// Gives up to `pages` free pages back to the disk; call it after retention deleted rows.
    package func reclaim(pages: Int = 1_000) async throws {
        try await write(.buffered) { db in
            _ = try Row.fetchAll(db, sql: "PRAGMA incremental_vacuum(\(pages))")
        }
    }

    /// Checks the whole file and throws `elves.store.damaged` with SQLite's first finding.
    package func checkIntegrity() async throws {
        let finding = try await read { db in try String.fetchOne(db, sql: "PRAGMA integrity_check(1)") }
        if let finding, finding != "ok" {
            throw StorageError.damaged(path, finding)
        }
    }

    /// Ends all connections, so that later calls fail.
    ///
    /// Not needed before a process exits.
    package func close() throws { try pool.close() }

    private static func configuration(_ options: Options) -> Configuration {
        var configuration = Configuration()
        configuration.maximumReaderCount = options.readers
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            // Has effect on an empty file only, so before the first table.
            if !db.configuration.readonly { try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL") }
        }
        return configuration
    }

    /// GRDB sets `synchronous=NORMAL` after `prepareDatabase`, so the writer is set here, and checked.
    private static func prepareWriter(_ db: Database, _ options: Options) throws {
        try Durability.synced.apply(to: db)
        // In SQLite's 2 MB, pages that the next transaction needs again are dropped and read back.
        try db.execute(sql: "PRAGMA cache_size = -16384")
        // Pages of 4 KiB: hot ones go into the file once in 16 MB of writes, not once in 4.
        try db.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
        try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
        if let bytes = options.maxBytes {
            let size = try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 4_096
            _ = try Row.fetchAll(db, sql: "PRAGMA max_page_count = \(max(1, bytes / size))")
        }
        let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode")
        guard mode == "wal" else {
            throw StorageError.unavailable(
                "the store would not switch to WAL but stays in \(mode ?? "an unknown mode")",
                hint: "put the data folder on a local file system, not on a network share")
        }
    }
}
