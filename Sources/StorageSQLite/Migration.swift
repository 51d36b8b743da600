internal import ElvesCore
internal import GRDB

/// One step of a store's schema: a number, a name and the SQL that makes it.
///
/// Numbers start at 1 without gaps. A step that has been released is never edited: the next
/// change is the next number. Expand first, contract in a later release.
package struct Migration: Sendable {
    /// Position in the sequence, from 1.
    package let number: Int
    /// A few words, such as `tasks`.
    package let name: String
    /// One or more statements, run in one transaction.
    package let sql: String

    /// A step; `sql` may hold several statements.
    package init(_ number: Int, _ name: String, sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
    }

    /// How the step is named in the database.
    var identifier: String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits + " " + name
    }
}

extension [Migration] {
    /// Brings the database to the last step, all or nothing per step.
    ///
    /// A database with a step that this program does not know is refused untouched.
    func apply(to writer: DatabasePool) throws {
        for (index, step) in enumerated() {
            precondition(step.number == index + 1, "migration \(step.identifier) is not number \(index + 1)")
        }
        var migrator = DatabaseMigrator()
        for step in self {
            migrator.registerMigration(step.identifier) { db in try db.execute(sql: step.sql) }
        }
        let known = Set(map(\.identifier))
        let applied = try writer.read { [migrator] db in try migrator.appliedIdentifiers(db) }
        if let unknown = applied.subtracting(known).max() {
            throw ElvesError(
                .elvesStoreNewer,
                "\(writer.path) was written by a newer program: it has step \"\(unknown)\", "
                    + "and this program knows \(isEmpty ? "none" : "steps up to \(count)")",
                hint: "run the newer program, or restore the backup from before the upgrade")
        }
        try migrator.migrate(writer)
    }
}
