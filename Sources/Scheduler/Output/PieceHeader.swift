import ElvesCore

/// What stands before the bytes of a piece in a segment, and what it leaves its attempt's copy at.
///
/// 104 bytes, little-endian: magic 4, CRC-32C 4 (over the rest of the header and the bytes), task 8, agent 8, offset 8,
/// kept before 8 and 8, dropped 8, dropped in all 8 and 8, pending 8 and 8, attempt 4, length 4, stream 1, last 1, 6 of
/// zero.
struct PieceHeader: Sendable, Hashable {
    static let size = 104
    static let magic: UInt32 = 0x5043_4C45
    /// The longest piece that is taken.
    static let longest = 64 << 10

    var key: AttemptName
    var agent: ElvesID
    var stream: WorkerStream
    var isLast: Bool
    /// Bytes of both outputs before it, and of each.
    var offset: Int64
    var keptBefore: StreamCounts
    /// Bytes of its stream that are missing right before it.
    var dropped: Int64
    /// Bytes of each stream that are missing before its end.
    var droppedInAll: StreamCounts
    /// Bytes of each stream that are missing behind it.
    var pending: StreamCounts
    var length: Int

    /// Writes header and bytes behind one another. `salt` is the segment's own: bytes that a worker wrote cannot look
    /// like a piece.
    func append(_ bytes: ArraySlice<UInt8>, salt: UInt32, to buffer: inout [UInt8]) {
        let start = buffer.count
        buffer.reserveCapacity(start + Self.size + bytes.count)
        buffer.append(contentsOf: repeatElement(0, count: Self.size))
        buffer.append(contentsOf: bytes)
        buffer.withUnsafeMutableBytes { raw in
            let own = UnsafeMutableRawBufferPointer(rebasing: raw[start...])
            encode(into: own)
            let checked = UnsafeRawBufferPointer(rebasing: own[8...])
            own.put(Checksum.of(checked, after: salt), at: 4)
        }
    }

    private func encode(into raw: UnsafeMutableRawBufferPointer) {
        raw.put(Self.magic, at: 0)
        let numbers = [
            key.task.rawValue, agent.rawValue, offset, keptBefore.stdout, keptBefore.stderr, dropped,
            droppedInAll.stdout, droppedInAll.stderr, pending.stdout, pending.stderr,
        ]
        for (index, number) in numbers.enumerated() { raw.put(number, at: 8 + 8 * index) }
        raw.put(key.number, at: 88)
        raw.put(UInt32(length), at: 92)
        raw[96] = stream.rawValue
        raw[97] = isLast ? 1 : 0
    }

    /// Reads the header of the piece at the start of the bytes; nil when there is none, or not the whole of it, or its
    /// bytes are not what was written.
    init?(_ raw: UnsafeRawBufferPointer, salt: UInt32) {
        guard let length = Self.length(raw), raw.count >= Self.size + length else { return nil }
        let checked = UnsafeRawBufferPointer(rebasing: raw[8..<Self.size + length])
        guard Checksum.of(checked, after: salt) == raw.number(at: 4, as: UInt32.self),
            let task = ElvesID(rawValue: raw.number(at: 8)), let agent = ElvesID(rawValue: raw.number(at: 16)),
            let stream = WorkerStream(rawValue: raw[96])
        else { return nil }
        key = AttemptName(task: task, number: raw.number(at: 88))
        self.agent = agent
        self.stream = stream
        isLast = raw[97] == 1
        offset = raw.number(at: 24)
        keptBefore = StreamCounts(stdout: raw.number(at: 32), stderr: raw.number(at: 40))
        dropped = raw.number(at: 48)
        droppedInAll = StreamCounts(stdout: raw.number(at: 56), stderr: raw.number(at: 64))
        pending = StreamCounts(stdout: raw.number(at: 72), stderr: raw.number(at: 80))
        self.length = length
    }

    init(
        key: AttemptName, agent: ElvesID, stream: WorkerStream, isLast: Bool, offset: Int64, keptBefore: StreamCounts,
        dropped: Int64, droppedInAll: StreamCounts, pending: StreamCounts, length: Int
    ) {
        self.key = key
        self.agent = agent
        self.stream = stream
        self.isLast = isLast
        self.offset = offset
        self.keptBefore = keptBefore
        self.dropped = dropped
        self.droppedInAll = droppedInAll
        self.pending = pending
        self.length = length
    }

    /// How many bytes follow the header that seems to start here; nil when none does.
    static func length(_ raw: UnsafeRawBufferPointer) -> Int? {
        guard raw.count >= size, raw.number(at: 0, as: UInt32.self) == magic else { return nil }
        let length = Int(raw.number(at: 92, as: UInt32.self))
        return length <= longest ? length : nil
    }
}

extension UnsafeRawBufferPointer {
    /// The little-endian number at a place, which must lie within.
    func number<T: FixedWidthInteger & BitwiseCopyable>(at place: Int, as type: T.Type = T.self) -> T {
        T(littleEndian: loadUnaligned(fromByteOffset: place, as: T.self))
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Puts a number at a place, which must lie within, little-endian.
    func put(_ number: some FixedWidthInteger & BitwiseCopyable, at place: Int) {
        storeBytes(of: number.littleEndian, toByteOffset: place, as: type(of: number))
    }
}

extension PieceHeader {
    /// Bytes of each stream up to an offset within the piece or at its end, those that are missing among them.
    func told(at place: Int64) -> StreamCounts {
        var told = StreamCounts()
        for stream in WorkerStream.allCases { told[stream] = keptBefore[stream] + droppedInAll[stream] }
        told[stream] += place - offset
        return told
    }

    /// Bytes of each stream that are missing before what is new in it to who has read up to `end`, and knows of `told`
    /// of each; where that is not known, a gap is its own stream's as far as it can be.
    func missing(after told: StreamCounts?, at end: Int64) -> StreamCounts {
        var missing = StreamCounts()
        if offset < end { return missing }
        guard offset > end else {
            missing[stream] = dropped
            return missing
        }
        guard let told else {
            missing = keptBefore.share(of: offset - end, first: stream)
            missing[stream] += dropped
            return missing
        }
        let before = self.told(at: offset)
        for stream in WorkerStream.allCases { missing[stream] = max(0, before[stream] - told[stream]) }
        return missing
    }
}
