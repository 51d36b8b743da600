internal import ElvesCore
internal import Glibc

/// Names of the files of a journal.
///
///     00000007.journal        a segment; all of them together, by number, are the journal
///     00000008.journal.new    a snapshot that was not finished
///     00000007-4711.damaged   what was cut from segment 7 at byte 4711
///     attempts.jsonl          the journal of agents before this format
struct JournalFolder {
    private static let suffix = ".journal"
    /// Parts that were cut are evidence, not an archive.
    private static let damagedKept = 8

    let path: String

    var old: String { path + "/attempts.jsonl" }

    func segment(_ number: Int64) -> String { path + "/" + Self.digits(number) + Self.suffix }

    func unfinished(_ number: Int64) -> String { segment(number) + ".new" }

    func damaged(_ number: Int64, at offset: Int64) -> String {
        path + "/" + Self.digits(number) + "-\(offset).damaged"
    }

    /// Numbers of the segments, lowest first.
    var numbers: [Int64] {
        Disk.names(in: path).filter { $0.hasSuffix(Self.suffix) }.compactMap { name in
            let digits = name.dropLast(Self.suffix.count)
            return digits.allSatisfy { $0.isASCII && $0.isNumber } ? Int64(digits) : nil
        }.sorted()
    }

    /// Removes what was begun and not finished.
    func removeUnfinished() {
        for name in Disk.names(in: path) where name.hasSuffix(".new") { Disk.remove(path + "/" + name) }
    }

    /// Makes room for one more part that was cut.
    func removeOldDamage() {
        let names = Disk.names(in: path).filter { $0.hasSuffix(".damaged") }
        for name in names.dropLast(Self.damagedKept - 1) { Disk.remove(path + "/" + name) }
    }

    private static func digits(_ number: Int64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits
    }
}
