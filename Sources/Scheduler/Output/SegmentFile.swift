import ElvesCore

/// A file of pieces: a header, then the pieces in the order in which they came, then, when it is closed, their index.
///
/// The header has 24 bytes, little-endian: magic 8, salt 4, 4 of zero, UTC milliseconds of its creation 8.
struct SegmentFile: Sendable {
    static let headerSize: Int64 = 24
    private static let magic: UInt64 = 0x3154_554F_5645_4C45
    private static let suffix = ".segment"

    /// Where it is, and what its header says.
    struct Name: Sendable, Hashable {
        /// Grows from segment to segment.
        let number: Int64
        let path: String
        let salt: UInt32
        let createdAtMs: Int64
    }

    let name: Name
    let file: DataFile

    /// Creates the file.
    init(creating number: Int64, in folder: String, atMs: Int64) throws(ElvesError) {
        let salt = UInt32.random(in: .min ... .max)
        let path = Self.path(number, in: folder)
        name = Name(number: number, path: path, salt: salt, createdAtMs: atMs)
        file = try DataFile(path, for: .create)
        var header = [UInt8](repeating: 0, count: Int(Self.headerSize))
        header.withUnsafeMutableBytes { raw in
            raw.put(Self.magic, at: 0)
            raw.put(salt, at: 8)
            raw.put(atMs, at: 16)
        }
        do throws(ElvesError) {
            try file.write(header, at: 0)
            try DataFolder.sync(folder)
        } catch {
            try? DataFolder.remove(path)
            throw error
        }
    }

    /// Opens the file; nil when it has no header of this form.
    init?(opening number: Int64, in folder: String) throws(ElvesError) {
        let path = Self.path(number, in: folder)
        file = try DataFile(path, for: .update)
        let header = try file.read(at: 0, count: Int(Self.headerSize))
        guard header.count == Self.headerSize else { return nil }
        let facts = header.withUnsafeBytes { raw in
            (
                magic: raw.number(at: 0, as: UInt64.self), salt: raw.number(at: 8, as: UInt32.self),
                atMs: raw.number(at: 16, as: Int64.self)
            )
        }
        guard facts.magic == Self.magic else { return nil }
        name = Name(number: number, path: path, salt: facts.salt, createdAtMs: facts.atMs)
    }

    /// Opens a file to read it; nil when it is gone.
    init?(reading name: Name) throws(ElvesError) {
        guard DataFolder.facts(of: name.path) != nil else { return nil }
        self.name = name
        file = try DataFile(name.path, for: .read)
    }

    var salt: UInt32 { name.salt }

    /// Numbers of the segments in a folder, oldest first.
    static func numbers(in folder: String) throws(ElvesError) -> [Int64] {
        try DataFolder.names(in: folder).compactMap { name in
            guard name.hasSuffix(suffix) else { return nil }
            return Int64(name.dropLast(suffix.count), radix: 16)
        }.sorted()
    }

    static func path(_ number: Int64, in folder: String) -> String {
        "\(folder)/\(Hex.encode(UInt64(bitPattern: number)))\(suffix)"
    }

    /// A piece with its bytes; nil when what stands there is not what was written.
    func piece(at entry: PieceEntry) throws(ElvesError) -> (header: PieceHeader, bytes: [UInt8])? {
        let raw = try file.read(at: Int64(entry.position), count: Int(entry.weight))
        let header = raw.withUnsafeBytes { PieceHeader($0, salt: salt) }
        guard let header, header.key == entry.key, header.offset == entry.offset, header.length == Int(entry.length)
        else { return nil }
        return (header, Array(raw[PieceHeader.size...]))
    }
}
