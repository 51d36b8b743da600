/// Names an agent, a task, a batch: a positive 64-bit number on the wire, 16 lower-case hex digits in text.
///
/// From the high end: 41 bits of milliseconds since 2025, 10 bits of generator number, 12 bits of sequence.
package struct ElvesID: RawRepresentable, Hashable, Sendable {
    /// What travels in an `i64`; always above 0.
    package let rawValue: Int64

    /// Nil for 0, which means "none" on the wire, and for negative numbers.
    package init?(rawValue: Int64) {
        guard rawValue > 0 else { return nil }
        self.rawValue = rawValue
    }

    /// Milliseconds from 1970-01-01 to 2025-01-01, both UTC: where the time part begins to count.
    package static let epochMs: Int64 = 1_735_689_600_000
    static let generatorBits: Int64 = 10
    static let sequenceBits: Int64 = 12
    static let lastTick: Int64 = 1 << 41 - 1
    static let lastSequence: Int64 = 1 << sequenceBits - 1

    init?(tick: Int64, generator: UInt16, sequence: Int64) {
        self.init(rawValue: (tick << Self.generatorBits | Int64(generator)) << Self.sequenceBits | sequence)
    }

    var tick: Int64 { rawValue >> (Self.generatorBits + Self.sequenceBits) }
    var sequence: Int64 { rawValue & Self.lastSequence }

    /// When the id was made: UTC milliseconds since 1970 on the clock of its generator.
    package var createdAtMs: Int64 { Self.epochMs + tick }

    /// Which generator made the id: 0 to 1023.
    package var generator: UInt16 { UInt16(rawValue >> Self.sequenceBits & (1 << Self.generatorBits - 1)) }
}

extension ElvesID: LosslessStringConvertible {
    /// Reads exactly 16 hex digits, in either case.
    package init?(_ description: String) {
        self.init(text: description)
    }

    /// Reads exactly 16 hex digits, in either case.
    package init?(text: some StringProtocol) {
        guard text.utf8.count == 16 else { return nil }
        var number: UInt64 = 0
        for unit in text.utf8 {
            guard let digit = Hex.value(ofDigit: unit) else { return nil }
            number = number << 4 | UInt64(digit)
        }
        self.init(rawValue: Int64(bitPattern: number))
    }

    package var description: String { Hex.encode(UInt64(bitPattern: rawValue)) }
}

extension ElvesID: Comparable {
    package static func < (left: ElvesID, right: ElvesID) -> Bool { left.rawValue < right.rawValue }
}
