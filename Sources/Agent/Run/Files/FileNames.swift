internal import ElvesContracts
internal import ElvesCore

/// What may be named as a file of a call.
enum FileNames {
    /// Files of one call, or of one answer.
    static let count = 32
    /// Bytes of them together.
    static let bytes: Int64 = 64 << 20

    /// Why a name is not acceptable; nil when it is.
    static func problem(_ name: String) -> String? {
        if name.isEmpty { return "a file without a name" }
        if name == "." || name == ".." { return "the name \"\(name)\", which is a folder's" }
        if name.utf8.count > 255 { return "a name of \(name.utf8.count) bytes; a name has at most 255" }
        if name.utf8.contains(UInt8(ascii: "/")) { return "the name \(quoted(name)); a name has no /" }
        if name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            return "the name \(quoted(name)), which has control characters"
        }
        return nil
    }

    /// A name as people and JSON can read it.
    static func quoted(_ name: String) -> String { JSONValue.string(name).text() }

    /// Checks the files of a call before anything is fetched.
    static func check(_ files: [FileRef]) throws(ElvesError) {
        guard files.count <= count else {
            throw refused("the call brings \(files.count) files; at most \(count) go with a call")
        }
        var seen: Set<String> = []
        var total: Int64 = 0
        for file in files {
            if let problem = problem(file.name) { throw refused("the call brings " + problem) }
            guard seen.insert(file.name).inserted else {
                throw refused("the call brings two files of the name \(quoted(file.name)); names are unique")
            }
            guard file.digest.count == 32, file.size >= 0 else {
                throw refused(
                    "the digest or size of \(quoted(file.name)) is none: 32 bytes of SHA-256, 0 or more bytes")
            }
            let mode = file.mode ?? 0o644
            guard mode & ~0o777 == 0 else {
                throw refused(
                    "the mode \(String(mode, radix: 8)) of \(quoted(file.name)) is more than permissions: 0 to 777")
            }
            // No sum overflows: no size is above the bound.
            guard file.size <= bytes, total + file.size <= bytes else {
                throw refused("the call's files are longer than 64 MiB together")
            }
            total += file.size
        }
    }

    private static func refused(_ what: String) -> ElvesError { ElvesError(.agentFilesMissing, what) }
}
