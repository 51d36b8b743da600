/// Writes zip files byte by byte, also ones that no decent tool would make.
package struct RawZip {
    package struct Entry {
        package var name: [UInt8]
        package var content: [UInt8]
        /// Unix mode with the file type; nil for an entry made on Windows.
        package var mode: UInt32?
        package var encrypted = false
        /// What the headers claim instead of the truth.
        package var claimedSize: UInt32?

        package init(name: [UInt8], content: [UInt8], mode: UInt32?) {
            self.name = name
            self.content = content
            self.mode = mode
        }
    }

    package var entries: [Entry] = []

    /// A zip file without entries.
    package init() {}

    package static let hello = """
        name: hello
        version: 1.0.0
        entry: [python3, worker.py]
        functions:
          - name: greet
        """

    /// A package that every check lets through.
    package static var valid: RawZip {
        var zip = RawZip()
        zip.add("app.yaml", hello)
        zip.add("worker.py", "print('hi')\n")
        zip.add("lib/data.txt", String(repeating: "data ", count: 400))
        return zip
    }

    package mutating func add(_ name: String, _ content: String = "x", mode: UInt32? = 0o100644) {
        entries.append(Entry(name: Array(name.utf8), content: Array(content.utf8), mode: mode))
    }

    /// The zip file.
    package func bytes() -> [UInt8] {
        var body: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let offset = UInt32(body.count)
            let flags: UInt16 = 0x800 | (entry.encrypted ? 1 : 0)
            let size = entry.claimedSize ?? UInt32(entry.content.count)
            var common: [UInt8] = []
            common += le16(20) + le16(flags) + le16(0) + le16(0) + le16(0x21)
            common += le32(Self.crc(entry.content)) + le32(UInt32(entry.content.count)) + le32(size)
            common += le16(UInt16(entry.name.count)) + le16(0)
            body += [0x50, 0x4B, 3, 4] + common + entry.name + entry.content
            let host: UInt16 = entry.mode == nil ? 20 : 3 << 8 | 20
            directory += [0x50, 0x4B, 1, 2] + le16(host) + common
            directory += le16(0) + le16(0) + le16(0) + le32((entry.mode ?? 0) << 16) + le32(offset) + entry.name
        }
        let count = UInt16(truncatingIfNeeded: entries.count)
        let end = [0x50, 0x4B, 5, 6] + le16(0) + le16(0) + le16(count) + le16(count)
        return body + directory + end + le32(UInt32(directory.count)) + le32(UInt32(body.count)) + le16(0)
    }

    private func le16(_ value: UInt16) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8)] }
    private func le32(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 255) } }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }
}
