/// An IPv4 or IPv6 address as a number, so that ranges are comparisons.
package struct IPAddress: Hashable, Sendable {
    /// Whether it has 32 bits.
    package let isV4: Bool
    /// The address, most significant part first.
    package let value: UInt128

    /// The address of that family; nil when `value` does not fit.
    package init?(isV4: Bool, value: UInt128) {
        guard !isV4 || value <= UInt128(UInt32.max) else { return nil }
        self.isV4 = isV4
        self.value = value
    }

    /// Bits of an address of this family.
    package var width: Int { isV4 ? 32 : 128 }
}

extension IPAddress: LosslessStringConvertible {
    /// Reads `10.0.0.1` or `2001:db8::1`; parts of IPv4 have no leading zeros, IPv6 has no zone.
    package init?(_ description: String) {
        self.init(text: description)
    }

    /// Reads `10.0.0.1` or `2001:db8::1`; parts of IPv4 have no leading zeros, IPv6 has no zone.
    package init?(text: some StringProtocol) {
        if text.utf8.contains(UInt8(ascii: ":")) {
            guard let value = Self.readV6(text) else { return nil }
            self.init(isV4: false, value: value)
        } else {
            guard let value = Self.readV4(text) else { return nil }
            self.init(isV4: true, value: UInt128(value))
        }
    }

    /// The usual text; IPv6 as in RFC 5952.
    package var description: String {
        isV4 ? Self.v4Text(UInt32(truncatingIfNeeded: value)) : v6Text
    }

    private static func readV4(_ text: some StringProtocol) -> UInt32? {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard let number = decimal(part), number <= 255 else { return nil }
            value = value << 8 | number
        }
        return value
    }

    private static func decimal(_ part: some Collection<UInt8>) -> UInt32? {
        guard let first = part.first, part.count <= 3, part.count == 1 || first != UInt8(ascii: "0") else { return nil }
        var number: UInt32 = 0
        for unit in part {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(unit) else { return nil }
            number = number * 10 + UInt32(unit - UInt8(ascii: "0"))
        }
        return number
    }

    private static func readV6(_ text: some StringProtocol) -> UInt128? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var head: [UInt16] = []
        var tail: [UInt16]?
        var place = 0
        while place < parts.count {
            let part = parts[place]
            if part.isEmpty {
                // "::" leaves one empty part inside, and two at an end of the text.
                let isEdge = place == 0 || place == parts.count - 1
                if isEdge {
                    guard parts.count > 2, parts[place == 0 ? 1 : place - 1].isEmpty else { return nil }
                    if parts.count == 3, place == 0 {
                        place += 1
                        continue
                    }
                } else {
                    guard tail == nil else { return nil }
                    tail = []
                }
            } else if part.utf8.contains(UInt8(ascii: ".")) {
                guard place == parts.count - 1, let value = readV4(part) else { return nil }
                append(UInt16(value >> 16), to: &head, or: &tail)
                append(UInt16(truncatingIfNeeded: value), to: &head, or: &tail)
            } else {
                guard part.utf8.count <= 4, part.utf8.allSatisfy({ Hex.value(ofDigit: $0) != nil }),
                    let value = UInt16(part, radix: 16)
                else { return nil }
                append(value, to: &head, or: &tail)
            }
            place += 1
        }
        let known = head.count + (tail?.count ?? 0)
        guard tail == nil ? known == 8 : known < 8 else { return nil }
        let groups = head + [UInt16](repeating: 0, count: 8 - known) + (tail ?? [])
        return groups.reduce(0) { $0 << 16 | UInt128($1) }
    }

    private static func append(_ value: UInt16, to head: inout [UInt16], or tail: inout [UInt16]?) {
        if tail == nil { head.append(value) } else { tail?.append(value) }
    }

    private static func v4Text(_ value: UInt32) -> String {
        "\(value >> 24).\(value >> 16 & 255).\(value >> 8 & 255).\(value & 255)"
    }

    private var v6Text: String {
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: value >> UInt128(112 - 16 * $0)) }
        // The first longest run of two or more zero groups is written "::".
        var best = 0..<0
        var start = 0
        for place in 0...8 where place == 8 || groups[place] != 0 {
            if place - start > max(best.count, 1) { best = start..<place }
            start = place + 1
        }
        let text = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
        guard !best.isEmpty else { return text(groups[...]) }
        return "\(text(groups[..<best.lowerBound]))::\(text(groups[best.upperBound...]))"
    }
}

/// Addresses from one to another of the same family, both included.
package struct IPRange: Hashable, Sendable {
    /// The first address.
    package let first: IPAddress
    /// The last address.
    package let last: IPAddress

    /// Nil when the families differ or `last` comes before `first`.
    package init?(_ first: IPAddress, _ last: IPAddress) {
        guard first.isV4 == last.isV4, first.value <= last.value else { return nil }
        self.first = first
        self.last = last
    }

    /// The network of `address` with that many leading bits; nil when the family has fewer.
    package init?(_ address: IPAddress, prefix: Int) {
        guard (0...address.width).contains(prefix) else { return nil }
        let host = prefix == 0 && !address.isV4 ? UInt128.max : (1 << UInt128(address.width - prefix)) - 1
        guard let first = IPAddress(isV4: address.isV4, value: address.value & ~host),
            let last = IPAddress(isV4: address.isV4, value: address.value | host)
        else { return nil }
        self.init(first, last)
    }

    /// Whether the address lies in the range.
    package func contains(_ address: IPAddress) -> Bool {
        address.isV4 == first.isV4 && first.value <= address.value && address.value <= last.value
    }
}
