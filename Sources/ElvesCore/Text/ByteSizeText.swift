/// Sizes as people write them: `512`, `64KiB`, `1MiB`, `10GB`.
package enum ByteSizeText {
    /// Binary units are what `format` writes, decimal ones are read only.
    private static let units: [(name: String, bytes: Int64)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1000), ("B", 1), ("", 1),
    ]

    /// Bytes that the text names, units in any case; an error is `elves.size.invalid`.
    package static func parse(_ text: String) throws(ElvesError) -> Int64 {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let name = text.dropFirst(digits.count).drop { $0 == " " }
        guard let number = Int64(digits) else { throw error(text, "a whole number should stand first") }
        guard let unit = units.first(where: { $0.name.lowercased() == name.lowercased() }) else {
            throw error(text, "there is no unit \"\(name)\"")
        }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: unit.bytes)
        guard !overflow else { throw error(text, "it is too large") }
        return bytes
    }

    /// The largest binary unit of which there is at least one, with one decimal when it is not whole.
    package static func format(_ bytes: Int64) -> String {
        guard let unit = units.prefix(4).first(where: { bytes >= $0.bytes }) else { return "\(bytes)B" }
        let tenths = (bytes % unit.bytes) / (unit.bytes / 10)
        let isWhole = bytes % unit.bytes == 0
        return isWhole ? "\(bytes / unit.bytes)\(unit.name)" : "\(bytes / unit.bytes).\(min(tenths, 9))\(unit.name)"
    }

    private static func error(_ text: String, _ problem: String) -> ElvesError {
        ElvesError(.elvesSizeInvalid, "\"\(text)\" is no size: \(problem)", details: ["text": text])
    }
}
