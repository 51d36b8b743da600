/// The member names of an object that is checked, not kept.
///
/// Few names of plain ASCII are remembered by where they stand; only others are made texts.
struct JSONNames {
    /// Where names stand, without their quotes; empty once there are texts.
    private var places: [Range<Int>] = []
    private var texts: Set<String> = []
    /// How many places are compared one by one.
    private static let scanned = 16

    /// Whether there is that name, of ASCII without escapes.
    func contains(_ place: Range<Int>, in bytes: [UInt8]) -> Bool {
        guard texts.isEmpty else { return texts.contains(Self.text(place, in: bytes)) }
        return bytes.withUnsafeBufferPointer { bytes in
            places.contains { other in
                guard other.count == place.count else { return false }
                for offset in 0..<place.count where bytes[other.lowerBound + offset] != bytes[place.lowerBound + offset]
                {
                    return false
                }
                return true
            }
        }
    }

    /// Adds a name that is not there, of ASCII without escapes.
    mutating func insert(_ place: Range<Int>, in bytes: [UInt8]) {
        if texts.isEmpty, places.count < Self.scanned {
            places.append(place)
        } else {
            _ = insert(Self.text(place, in: bytes), in: bytes)
        }
    }

    /// Adds any name; answers whether it was not there.
    mutating func insert(_ name: String, in bytes: [UInt8]) -> Bool {
        for place in places { texts.insert(Self.text(place, in: bytes)) }
        places = []
        return texts.insert(name).inserted
    }

    /// The name that stands there.
    static func text(_ place: Range<Int>, in bytes: [UInt8]) -> String {
        bytes.withUnsafeBufferPointer { String(decoding: UnsafeBufferPointer(rebasing: $0[place]), as: UTF8.self) }
    }
}
