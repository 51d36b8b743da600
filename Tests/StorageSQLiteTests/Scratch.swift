import Foundation
import StorageSQLite

/// A folder of its own for one test, deleted with it.
final class Scratch: Sendable {
    let folder: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "elves-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        folder = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ name: String) -> String { folder + "/" + name }

    /// A store with one table `item(id, text)`.
    func store(options: SQLiteStore.Options = .init()) throws -> SQLiteStore {
        try SQLiteStore.open(path("test.sqlite"), options: options, migrations: [items])
    }
}

let items = Migration(1, "items", sql: "CREATE TABLE item (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT")

/// Polls until `condition` holds; false when it did not within ten seconds.
func eventually(_ condition: @Sendable () async throws -> Bool) async rethrows -> Bool {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(10)
    while clock.now < end {
        if try await condition() { return true }
        await Task.yield()
    }
    return false
}
