import ElvesCore
import Foundation
import GRDB
import StorageSQLite
import Testing

@Suite struct SQLiteStoreTests {
    @Test func aNewFileIsPrivateAndSynced() async throws {
        let scratch = try Scratch()
        let store = try scratch.store()
        let mode = try FileManager.default.attributesOfItem(atPath: store.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let settings = try await store.write { db in
            [
                try String.fetchOne(db, sql: "PRAGMA journal_mode"),
                try String.fetchOne(db, sql: "PRAGMA synchronous"),
                try String.fetchOne(db, sql: "PRAGMA auto_vacuum"),
                try String.fetchOne(db, sql: "PRAGMA foreign_keys"),
            ]
        }
        #expect(settings == ["wal", "2", "2", "1"])
    }

    @Test func whatWasWrittenIsThereAfterReopening() async throws {
        let scratch = try Scratch()
        try await scratch.store().write { try $0.execute(sql: "INSERT INTO item VALUES (7, 'seven')") }
        let text = try await scratch.store().read { try String.fetchOne($0, sql: "SELECT text FROM item") }
        #expect(text == "seven")
    }

    @Test func aSecondProgramIsTurnedAway() throws {
        let scratch = try Scratch()
        let store = try scratch.store()
        let error = #expect(throws: ElvesError.self) { try scratch.store() }
        #expect(error?.code.code == "elves.store.unavailable")
        withExtendedLifetime(store) {}
    }

    @Test func everyEarlierSchemaIsBroughtForward() async throws {
        let steps = [
            items,
            Migration(2, "colour", sql: "ALTER TABLE item ADD COLUMN colour TEXT; CREATE INDEX c ON item(colour)"),
            Migration(3, "size", sql: "ALTER TABLE item ADD COLUMN size INTEGER"),
        ]
        for count in 0...steps.count {
            let scratch = try Scratch()
            try SQLiteStore.open(scratch.path("s"), migrations: Array(steps.prefix(count))).close()
            let store = try SQLiteStore.open(scratch.path("s"), migrations: steps)
            let columns = try await store.read { try $0.columns(in: "item").map(\.name) }
            #expect(columns == ["id", "text", "colour", "size"])
        }
    }

    @Test func aStoreOfANewerProgramIsRefusedUntouched() throws {
        let scratch = try Scratch()
        let newer = Migration(2, "later", sql: "CREATE TABLE later (id INTEGER PRIMARY KEY)")
        try SQLiteStore.open(scratch.path("test.sqlite"), migrations: [items, newer]).close()
        let error = #expect(throws: ElvesError.self) { try scratch.store() }
        #expect(error?.code.code == "elves.store.newer")
        #expect(error?.message.contains("0002 later") == true)
        #expect(throws: Never.self) {
            try SQLiteStore.open(scratch.path("test.sqlite"), migrations: [items, newer])
        }
    }

    @Test func aFailingMigrationLeavesItsStepUndone() async throws {
        let scratch = try Scratch()
        let broken = Migration(2, "broken", sql: "CREATE TABLE half (id INTEGER); CREATE TABLE item (id INTEGER)")
        #expect(throws: DatabaseError.self) {
            try SQLiteStore.open(scratch.path("test.sqlite"), migrations: [items, broken])
        }
        #expect(try await scratch.store().read { try $0.tableExists("half") } == false)
    }

    @Test func somethingElseThanADatabaseIsCalledDamaged() throws {
        let scratch = try Scratch()
        try Data(repeating: 0x55, count: 10_000).write(to: URL(filePath: scratch.path("test.sqlite")))
        let error = #expect(throws: ElvesError.self) { try scratch.store() }
        #expect(error?.code.code == "elves.store.damaged")
    }

    @Test func aMissingFolderIsNamed() throws {
        let error = #expect(throws: ElvesError.self) {
            try SQLiteStore.open("/nonexistent/folder/x.sqlite", migrations: [])
        }
        #expect(error?.code.code == "elves.store.unavailable")
        #expect(error?.message.contains("/nonexistent/folder") == true)
    }

    @Test func aFullStoreSaysSoAndGoesOnOnceThereIsRoom() async throws {
        let scratch = try Scratch()
        let store = try scratch.store(options: .init(maxBytes: 256 * 1_024))
        let text = String(repeating: "x", count: 10_000)
        var error: ElvesError?
        var stored = 0
        while error == nil, stored < 1_000 {
            do {
                try await store.write { db in
                    try db.execute(sql: "INSERT INTO item (text) VALUES (?)", arguments: [text])
                }
                stored += 1
            } catch let caught as ElvesError {
                error = caught
            }
        }
        #expect(error?.code.code == "elves.store.full")
        #expect(error?.isRetryable == true)
        #expect(stored > 5)
        #expect(try await store.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM item") } == stored)

        try await store.write { try $0.execute(sql: "DELETE FROM item") }
        try await store.write { try $0.execute(sql: "INSERT INTO item (text) VALUES (?)", arguments: [text]) }
        #expect(try await store.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM item") } == 1)
        try await store.checkIntegrity()
    }

    @Test func aFullStoreInsideAGroupTellsEveryCallerTheTruth() async throws {
        let scratch = try Scratch()
        let store = try scratch.store(options: .init(maxBytes: 256 * 1_024))
        let text = String(repeating: "x", count: 10_000)
        let kept = await withTaskGroup(of: Int?.self) { group in
            for number in 0..<200 {
                group.addTask {
                    do {
                        try await store.write { db in
                            try db.execute(sql: "INSERT INTO item VALUES (?, ?)", arguments: [number, text])
                        }
                        return number
                    } catch {
                        #expect((error as? ElvesError)?.code == .elvesStoreFull)
                        return nil
                    }
                }
            }
            return await group.reduce(into: [Int]()) { if let number = $1 { $0.append(number) } }
        }
        #expect(try await store.read { try Int.fetchAll($0, sql: "SELECT id FROM item") } == kept.sorted())
    }

    @Test func deletedRowsCanBeGivenBackToTheDisk() async throws {
        let scratch = try Scratch()
        let store = try scratch.store()
        let text = String(repeating: "x", count: 100_000)
        try await store.write { db in
            for _ in 0..<20 { try db.execute(sql: "INSERT INTO item (text) VALUES (?)", arguments: [text]) }
        }
        let before = try await store.usedBytes()
        try await store.write { try $0.execute(sql: "DELETE FROM item") }
        #expect(try await store.usedBytes() < before / 10)
        try await store.reclaim()
        let pages = try await store.read { try Int.fetchOne($0, sql: "PRAGMA freelist_count") }
        #expect(pages == 0)
    }

    @Test func pagesFollowTheKey() {
        let first = Page(rows: [1, 2, 3], limit: 2) { $0 }
        #expect(first.items == [1, 2] && first.next == 2)
        let last = Page(rows: [3], limit: 2) { $0 }
        #expect(last.items == [3] && last.next == nil)
        let exact = Page(rows: [1, 2], limit: 2) { $0 }
        #expect(exact.next == nil)
    }
}
