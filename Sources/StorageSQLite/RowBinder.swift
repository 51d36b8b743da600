package import GRDB
internal import GRDBSQLite

/// Binds the values of a statement one after the other, straight to SQLite.
///
/// GRDB makes lists of a row's values three times over before it binds them: of a row with many columns that takes
/// longer than the insert.
package struct RowBinder: ~Copyable {
    private let statement: SQLiteStatement
    /// How many values were bound.
    fileprivate private(set) var count: Int32 = 0

    fileprivate init(_ statement: SQLiteStatement) { self.statement = statement }

    /// Binds the next value.
    package mutating func bind(_ value: some FixedWidthInteger) {
        count += 1
        sqlite3_bind_int64(statement, count, Int64(value))
    }

    /// Binds 0 or 1.
    package mutating func bind(_ value: Bool) { bind(value ? 1 : 0) }

    /// Binds the next value; nil as NULL.
    package mutating func bind(_ value: (some FixedWidthInteger)?) {
        if let value { bind(value) } else { bindNull() }
    }

    /// Binds a text.
    package mutating func bind(_ text: String) {
        var text = text
        text.withUTF8 { bind(utf8: $0) }
    }

    /// Binds the next text; nil as NULL.
    package mutating func bind(_ text: String?) {
        if let text { bind(text) } else { bindNull() }
    }

    /// Binds a text by its bytes, of which SQLite makes a copy.
    package mutating func bind(utf8 bytes: UnsafeBufferPointer<UInt8>) {
        count += 1
        // An empty buffer may have no address, and that would be NULL.
        guard let start = bytes.baseAddress, !bytes.isEmpty else {
            sqlite3_bind_text(statement, count, "", 0, nil)
            return
        }
        start.withMemoryRebound(to: CChar.self, capacity: bytes.count) { start in
            _ = sqlite3_bind_text(statement, count, start, Int32(bytes.count), Self.copied)
        }
    }

    private mutating func bindNull() {
        count += 1
        sqlite3_bind_null(statement, count)
    }

    /// SQLite's word for "copy it".
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}

extension Statement {
    /// Executes the statement with all its values as `bind` binds them, in their order.
    package func execute(binding bind: (inout RowBinder) -> Void) throws {
        // Resets it, clears what was bound, and has GRDB take what is bound from here on for complete.
        setUncheckedArguments(StatementArguments())
        var binder = RowBinder(sqliteStatement)
        bind(&binder)
        precondition(binder.count == sqlite3_bind_parameter_count(sqliteStatement), "as many values as parameters")
        try execute()
    }
}
