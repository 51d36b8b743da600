import Foundation
import GRDB
import StorageSQLite
import Testing

@Suite struct RowBinderTests {
    private func rows(_ parameters: Int, _ binds: [(inout RowBinder) -> Void]) throws -> [[DatabaseValue]] {
        let columns = (0..<parameters).map { "c\($0)" }.joined(separator: ", ")
        let places = Array(repeating: "?", count: parameters).joined(separator: ", ")
        return try DatabaseQueue().write { db in
            try db.execute(sql: "CREATE TABLE t (\(columns))")
            for bind in binds {
                try db.cachedStatement(sql: "INSERT INTO t VALUES (\(places))").execute(binding: bind)
            }
            return try Row.fetchAll(db, sql: "SELECT * FROM t ORDER BY rowid").map { Array($0.databaseValues) }
        }
    }

    @Test func numbersKeepTheirValue() throws {
        let stored = try rows(5) { row in
            row.bind(Int64.max)
            row.bind(Int64.min)
            row.bind(Int32(-7))
            row.bind(true)
            row.bind(UInt8?.some(255))
        }
        #expect(stored == [[Int64.max, .min, -7, 1, 255].map(\.databaseValue)])
    }

    @Test(arguments: ["", "a", "O'Brien \"x\" \\ ; --", "Grüße, 世界 🌍", String(repeating: "x", count: 100_000)])
    func textsKeepTheirBytes(_ text: String) throws {
        let stored = try rows(3) { row in
            row.bind(text)
            row.bind(String?.some(text))
            Array(text.utf8).withUnsafeBufferPointer { row.bind(utf8: $0) }
        }
        #expect(stored == [[text, text, text].map(\.databaseValue)])
    }

    /// GRDB ends a text at its first NUL; SQLite does not.
    @Test func aTextGoesOnAfterNUL() throws {
        let stored = try DatabaseQueue().write { db in
            try db.execute(sql: "CREATE TABLE t (c)")
            try db.cachedStatement(sql: "INSERT INTO t VALUES (?)").execute { row in row.bind("a\0b") }
            return try Data.fetchOne(db, sql: "SELECT CAST(c AS BLOB) FROM t")
        }
        #expect(stored == Data("a\0b".utf8))
    }

    @Test func nilIsNullAndAnEmptyTextIsNot() throws {
        let stored = try rows(3) { row in
            row.bind(String?.none)
            row.bind(Int32?.none)
            row.bind("")
        }
        #expect(stored == [[.null, .null, "".databaseValue]])
    }

    /// The statement is used again and again.
    @Test func nothingOfTheRowBeforeStays() throws {
        let stored = try rows(
            2,
            [
                { row in
                    row.bind("first")
                    row.bind(1)
                },
                { row in
                    row.bind(String?.none)
                    row.bind(Int?.none)
                },
            ])
        #expect(stored == [["first".databaseValue, 1.databaseValue], [.null, .null]])
    }

    private func rows(_ parameters: Int, _ bind: @escaping (inout RowBinder) -> Void) throws -> [[DatabaseValue]] {
        try rows(parameters, [bind])
    }
}
