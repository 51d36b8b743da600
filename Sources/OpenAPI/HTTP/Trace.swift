import Glibc
import HTTPTypes
import Synchronization

/// A W3C trace context: which trace a request belongs to, and this hop's own span in it.
struct Trace: Sendable, Hashable {
    /// `00-TRACE-SPAN-FLAGS`, as it goes into `Elves-Trace` and on to other components.
    let header: String

    /// The 32 hex digits that name the trace.
    var id: String { String(header.dropFirst(3).prefix(32)) }

    /// A new trace.
    init() {
        let numbers = TraceNumbers.shared
        self.init(high: numbers.next(), low: numbers.next(), span: numbers.next(), flags: 1)
    }

    /// The next hop of the caller's trace, or a new trace when the caller's is absent or malformed.
    init(continuing text: String?) {
        guard let text, let caller = Self.parse(text) else {
            self.init()
            return
        }
        self.init(high: caller.high, low: caller.low, span: TraceNumbers.shared.next(), flags: caller.flags)
    }

    /// The trace that a request's `traceparent` or `Elves-Trace` header continues.
    init(headers: HTTPFields) {
        self.init(continuing: headers[.w3cTrace] ?? headers[.elvesTrace])
    }

    private init(high: UInt64, low: UInt64, span: UInt64, flags: UInt8) {
        // All zero would mean "no trace" to others.
        let low = high == 0 && low == 0 ? 1 : low
        header = String(unsafeUninitializedCapacity: 55) { text in
            var place = 0
            func put(_ byte: UInt8) {
                text[place] = byte
                place += 1
            }
            func put(_ number: UInt64, digits: Int) {
                for shift in stride(from: (digits - 1) * 4, through: 0, by: -4) {
                    let digit = UInt8(truncatingIfNeeded: number >> UInt64(shift)) & 15
                    put(digit < 10 ? digit + 48 : digit + 87)
                }
            }
            put(48)
            put(48)
            put(45)
            put(high, digits: 16)
            put(low, digits: 16)
            put(45)
            put(span == 0 ? 1 : span, digits: 16)
            put(45)
            put(UInt64(flags), digits: 2)
            return place
        }
    }

    /// Reads version 00, or the first four fields of a later version.
    private static func parse(_ text: String) -> (high: UInt64, low: UInt64, flags: UInt8)? {
        let parts = text.split(separator: "-", maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].utf8.count == 2, parts[0] != "ff",
            parts[0] != "00" || parts.count == 4,
            parts[1].utf8.count == 32, parts[2].utf8.count == 16, parts[3].utf8.count == 2,
            parts[0...3].allSatisfy({ $0.utf8.allSatisfy(isLowerHex) }),
            let high = UInt64(parts[1].prefix(16), radix: 16), let low = UInt64(parts[1].suffix(16), radix: 16),
            let span = UInt64(parts[2], radix: 16), let flags = UInt8(parts[3], radix: 16),
            high != 0 || low != 0, span != 0
        else {
            return nil
        }
        return (high, low, flags)
    }

    private static func isLowerHex(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...102).contains(byte)
    }
}

/// Random numbers from the kernel, asked for many at once: there are three in every new trace.
final class TraceNumbers: Sendable {
    static let shared = TraceNumbers()

    /// Those that were not given out. `getentropy` gives no more than 256 bytes.
    private let left = Mutex<[UInt64]>([])
    private static let count = 256 / MemoryLayout<UInt64>.size

    func next() -> UInt64 {
        left.withLock { left in
            if left.isEmpty { left = Self.draw() }
            return left.removeLast()
        }
    }

    private static func draw() -> [UInt64] {
        var numbers = [UInt64](repeating: 0, count: count)
        let status = numbers.withUnsafeMutableBytes { bytes in
            bytes.baseAddress.map { getentropy($0, bytes.count) } ?? 0
        }
        if status == 0 { return numbers }
        var generator = SystemRandomNumberGenerator()
        return numbers.map { _ in generator.next() }
    }
}

extension HTTPField.Name {
    /// `Elves-Trace`: on every answer.
    static let elvesTrace = known("Elves-Trace")
    /// `Elves-Reason`: why, on answers of `/api/v2` whose `error` is a fixed text.
    static let elvesReason = known("Elves-Reason")
    /// W3C Trace Context.
    static let w3cTrace = known("traceparent")
    /// Draft "The Idempotency-Key HTTP Header Field".
    static let idempotencyKey = known("Idempotency-Key")
    /// RFC 9530.
    static let contentDigest = known("Content-Digest")

    static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no header name") }
        return name
    }
}
