import ElvesCore

/// Reads `name=value&…` texts: queries and `application/x-www-form-urlencoded` bodies.
enum FormText {
    /// The pairs in their order; a name without `=` has no value. Empty pieces between two `&` are skipped.
    ///
    /// Refused before anything is taken apart when there are more than `limit`: texts come from anybody.
    static func pairs(
        _ text: some StringProtocol, atMost limit: Int
    ) throws(ElvesError) -> [(name: String, value: String?)] {
        guard text.utf8.count(where: { $0 == UInt8(ascii: "&") }) < limit else { throw tooMany(limit) }
        return text.utf8.split(separator: UInt8(ascii: "&")).map { pair in
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { return (decode(pair), nil) }
            return (decode(pair[..<equals]), decode(pair[pair.index(after: equals)...]))
        }
    }

    static func tooMany(_ limit: Int) -> ElvesError {
        ElvesError(
            .openapiRequestParameters, "the request has more than \(limit) parameters",
            details: ["limit": String(limit)])
    }

    /// Undoes `+` and `%XX`. A `%` without two digits stays as it is; bytes that are not UTF-8 are repaired.
    static func decode(_ text: some Collection<UInt8>) -> String {
        if !text.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) {
            return String(decoding: text, as: UTF8.self)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = Array(text)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"):
                bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                if rest.count >= 2, let high = digit(rest[rest.startIndex]), let low = digit(rest[rest.startIndex + 1])
                {
                    bytes.append(high << 4 | low)
                    rest = rest.dropFirst(2)
                } else {
                    bytes.append(byte)
                }
            default:
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Undoes `%XX` in one part of a path, where `+` is a plus.
    static func decodePath(_ part: some StringProtocol) -> String {
        part.utf8.contains(UInt8(ascii: "%"))
            ? decode(Array(part.utf8).flatMap { $0 == UInt8(ascii: "+") ? Array("%2B".utf8) : [$0] })
            : String(part)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}
