import Thrift

/// Mutates valid bytes and invents others, and feeds them to the readers of generated types.
///
/// Needs neither Foundation nor a test library, so that it also runs by itself, optimised.
struct Fuzzer {
    /// What happened to the inputs.
    struct Tally {
        var accepted = 0
        var refused: [String: Int] = [:]
        /// Inputs whose value did not survive being written and read again.
        var unstable: [String] = []
    }

    private struct Seed {
        let name: String
        let type: any ThriftStruct.Type
        let encoding: ThriftEncoding
        let bytes: [UInt8]
    }

    private(set) var tally = Tally()
    private let seeds: [Seed]
    private var random: SeededGenerator
    /// Small, so that inputs come up against it.
    private let limits = ThriftLimits(frameBytes: 65536, nesting: 16, containerBytes: 65536)

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        var seeds: [Seed] = []
        let rich: [(String, any ThriftStruct)] =
            FixtureTypes.defaults + [
                ("Everything", Samples.everything), ("Node", Samples.node), ("Newer", Samples.newer),
                ("Containers", Samples.everything.containers), ("Choice", Samples.everything.choice),
                ("Scalars", Samples.everything.scalars), ("Optionals", Samples.everything.optionals),
                ("CallHeader", CallHeader(deadlineMs: 5, trace: "t", caller: "c", grant: [1, 2])),
                ("Hello", Hello(oldest: 1, newest: 2, features: ["a", "b"], instance: "i")),
                ("ApplicationException", ApplicationException(ThriftError(.denied, "no"))),
            ]
        for (name, value) in rich {
            for encoding in ThriftEncoding.both {
                seeds.append(
                    Seed(name: name, type: type(of: value), encoding: encoding, bytes: value.encoded(as: encoding)))
            }
        }
        self.seeds = seeds
    }

    /// Runs one input through a generated type's reader and the message reader.
    mutating func round() {
        let seed = seeds[random.below(seeds.count)]
        let bytes = input(from: seed.bytes)
        try? ignore(ThriftMessage(parsing: bytes, limits: limits))
        do throws(ThriftError) {
            let value = try seed.type.init(decoding: bytes, as: seed.encoding, limits: limits)
            tally.accepted += 1
            checkStable(value, seed)
        } catch {
            tally.refused[error.code.description, default: 0] += 1
        }
    }

    private func ignore(_ message: ThriftMessage) {}

    /// A value that was accepted is written in one way only.
    private mutating func checkStable(_ value: any ThriftStruct, _ seed: Seed) {
        let written = value.encoded(as: seed.encoding)
        let again = try? seed.type.init(decoding: written, as: seed.encoding).encoded(as: seed.encoding)
        if again != written { tally.unstable.append("\(seed.name) \(seed.encoding) \(written.hex)") }
    }

    private mutating func input(from valid: [UInt8]) -> [UInt8] {
        if random.oneIn(8) { return random.bytes(limit: 64) }
        var bytes = valid
        for _ in 0...random.below(random.oneIn(2) ? 1 : 4) { mutate(&bytes) }
        return bytes
    }

    private mutating func mutate(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else {
            bytes = random.bytes()
            return
        }
        let place = random.below(bytes.count)
        switch random.below(16) {
        case 0, 8, 9, 10, 11: bytes[place] ^= 1 << UInt8(random.below(8))
        case 1, 12, 13, 14: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 2: bytes.removeSubrange(place...)
        case 3: bytes.remove(at: place)
        case 4: bytes.insert(contentsOf: random.bytes(limit: 6), at: place)
        case 5:
            let numbers: [[UInt8]] = [
                [0x7F, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 0], [0, 0xFF, 0xFF, 0xFF],
                [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
            ]
            let number = numbers[random.below(numbers.count)]
            bytes.replaceSubrange(place..<min(place + number.count, bytes.count), with: number)
        case 6:
            let end = min(bytes.count, place + random.below(24))
            bytes.insert(contentsOf: bytes[place..<end], at: random.below(bytes.count))
        default:
            let other = seeds[random.below(seeds.count)].bytes
            let start = random.below(other.count)
            bytes.insert(contentsOf: other[start..<min(other.count, start + 40)], at: place)
        }
    }
}
