internal import ElvesContracts
internal import Runner
internal import Thrift

/// One record of a segment, without its length and checksum.
///
/// A byte that says which, then the fields as Thrift's compact protocol writes them, without their names.
enum JournalRecord: Hashable {
    /// The first of each segment.
    case header(SegmentHeader)
    case taken(TakenAttempt)
    /// The whole result follows on disk.
    case ended(AttemptKey, EndedAttempt, at: Int64)
    /// The center has the results of these; they need no longer be kept.
    case recorded([RecordedAttempt])
    /// It could not be put on disk, so it never started.
    case withdrawn(AttemptKey)

    private enum Kind: UInt8 {
        case header = 1
        case taken, ended, recorded, withdrawn
    }

    private static let durable: UInt8 = 1
    private static let notStarted: UInt8 = 2

    /// Writes everything but a result.
    func write(to writer: inout ThriftWriter) {
        switch self {
        case .header(let header):
            writer.put(Kind.header.rawValue)
            writer.writeInt32(header.format)
            writer.writeBool(header.isSnapshot)
            writer.writeInt64(header.lowWater)
            writer.writeString(header.boot)
        case .taken(let taken):
            writer.put(Kind.taken.rawValue)
            Self.write(taken.key, to: &writer)
            writer.put(taken.isDurable ? Self.durable : 0)
            writer.writeInt64(taken.at)
            writer.writeInt32(taken.workerProtocol)
            writer.writeString(taken.app)
            writer.writeString(taken.function)
            writer.writeString(taken.version)
        case .ended(let key, let ended, let at):
            writer.put(Kind.ended.rawValue)
            Self.write(key, to: &writer)
            Self.write(ended, to: &writer)
            writer.writeInt64(at)
        case .recorded(let attempts):
            writer.put(Kind.recorded.rawValue)
            writer.putVarint(UInt64(attempts.count))
            for attempt in attempts {
                Self.write(attempt.key, to: &writer)
                Self.write(attempt.ended, to: &writer)
            }
        case .withdrawn(let key):
            writer.put(Kind.withdrawn.rawValue)
            Self.write(key, to: &writer)
        }
    }

    /// Reads a record; nil for one of a kind that a newer agent wrote.
    static func read(_ payload: [UInt8]) throws(ThriftError) -> JournalRecord? {
        try ThriftReader.reading(payload, as: .compact) { reader throws(ThriftError) -> JournalRecord? in
            guard let kind = Kind(rawValue: UInt8(bitPattern: try reader.readByte())) else { return nil }
            switch kind {
            case .header:
                return .header(
                    SegmentHeader(
                        format: try reader.readInt32(), isSnapshot: try reader.readBool(),
                        lowWater: try reader.readInt64(), boot: try reader.readString()))
            case .taken: return .taken(try taken(&reader))
            case .ended:
                return .ended(try key(&reader), try ended(&reader), at: try reader.readInt64())
            case .recorded:
                let count = try reader.readCount()
                var attempts: [RecordedAttempt] = []
                attempts.reserveCapacity(count)
                for _ in 0..<count {
                    attempts.append(RecordedAttempt(key: try key(&reader), ended: try ended(&reader)))
                }
                return .recorded(attempts)
            case .withdrawn: return .withdrawn(try key(&reader))
            }
        }
    }

    /// The result behind an `ended` record.
    static func result(in payload: [UInt8]) throws(ThriftError) -> TaskResult {
        try ThriftReader.reading(payload, as: .compact) { reader throws(ThriftError) in
            guard UInt8(bitPattern: try reader.readByte()) == Kind.ended.rawValue else {
                throw ThriftError(.invalidData, "no result is here")
            }
            _ = try key(&reader)
            _ = try ended(&reader)
            _ = try reader.readInt64()
            return try TaskResult(from: &reader)
        }
    }

    private static func write(_ key: AttemptKey, to writer: inout ThriftWriter) {
        writer.writeInt64(key.taskId)
        writer.writeInt32(key.attempt)
    }

    private static func write(_ ended: EndedAttempt, to writer: inout ThriftWriter) {
        writer.writeInt32(ended.state.rawValue)
        writer.put((ended.isDurable ? durable : 0) | (ended.wasStarted ? 0 : notStarted))
        writer.writeInt64(ended.takenAt)
    }

    private static func key(_ reader: inout ThriftReader) throws(ThriftError) -> AttemptKey {
        AttemptKey(taskId: try reader.readInt64(), attempt: try reader.readInt32())
    }

    private static func ended(_ reader: inout ThriftReader) throws(ThriftError) -> EndedAttempt {
        let state = TaskState(rawValue: try reader.readInt32())
        let flags = UInt8(bitPattern: try reader.readByte())
        return EndedAttempt(
            state: state, isDurable: flags & durable != 0, wasStarted: flags & notStarted == 0,
            takenAt: try reader.readInt64())
    }

    private static func taken(_ reader: inout ThriftReader) throws(ThriftError) -> TakenAttempt {
        let key = try key(&reader)
        let flags = UInt8(bitPattern: try reader.readByte())
        let at = try reader.readInt64()
        let workerProtocol = try reader.readInt32()
        return TakenAttempt(
            key: key, app: try reader.readString(), function: try reader.readString(),
            version: try reader.readString(), workerProtocol: workerProtocol, at: at,
            isDurable: flags & durable != 0)
    }
}

/// What a segment says of itself.
struct SegmentHeader: Hashable {
    /// What this program writes and reads.
    static let format: Int32 = 1

    var format = Self.format
    /// It holds everything that is worth keeping of the segments before it.
    var isSnapshot: Bool
    /// Attempts of tasks up to this number may be forgotten.
    var lowWater: Int64
    /// Which start of the machine it was written in.
    var boot: String
}

/// An attempt whose result the center has.
struct RecordedAttempt: Hashable {
    var key: AttemptKey
    var ended: EndedAttempt
}

extension ThriftReader {
    /// A number of elements, none of which takes less than a byte.
    fileprivate mutating func readCount() throws(ThriftError) -> Int {
        var count: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 63, by: 7) {
            let byte = UInt8(bitPattern: try readByte())
            count |= UInt64(byte & 0x7F) << shift
            guard byte & 0x80 == 0 else { continue }
            guard count <= UInt64(remaining) else { throw ThriftError(.invalidData, "\(count) elements do not fit") }
            return Int(count)
        }
        throw ThriftError(.invalidData, "a number has too many bytes")
    }
}
