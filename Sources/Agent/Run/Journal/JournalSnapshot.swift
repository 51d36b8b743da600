internal import ElvesContracts
internal import ElvesCore
internal import Glibc
internal import Runner
internal import Thrift

/// Writes all that is worth keeping of a journal into one segment.
struct JournalSnapshot {
    /// A snapshot that is on the disk under its name.
    struct Written {
        var segment: LiveSegment
        /// Where the kept results were, and where they lie now.
        var moves: [AttemptKey: (from: JournalImage.Place, to: JournalImage.Place)]
    }

    private static let flags = O_RDWR | O_CREAT | O_TRUNC | O_APPEND
    /// Bytes that gather before they are written.
    private static let piece = 256 << 10
    private static let recordedInARecord = 1000

    let folder: JournalFolder
    let image: JournalImage
    let unsaved: [AttemptKey: [UInt8]]
    let boot: String

    /// Makes a segment that holds nothing yet.
    static func begin(
        _ path: String, boot: String, lowWater: Int64, isSnapshot: Bool = false
    ) throws(ElvesError) -> (file: OpenFile, size: Int64) {
        let file: OpenFile
        do throws(ElvesError) {
            file = try OpenFile(path, flags, mode: 0o600)
            var writer = ThriftWriter(.compact, capacity: 128)
            let header = SegmentHeader(isSnapshot: isSnapshot, lowWater: lowWater, boot: boot)
            JournalFrame.append(to: &writer) { JournalRecord.header(header).write(to: &$0) }
            let bytes = writer.bytes()
            try file.write(bytes)
            return (file, Int64(bytes.count))
        } catch {
            unlink(path)
            throw error.ofJournal
        }
    }

    /// Writes the segment of that number: whole and on the disk when this returns, not there when it throws.
    func write(as number: Int64) throws(ElvesError) -> Written {
        let path = folder.unfinished(number)
        do throws(ElvesError) {
            let (file, size) = try Self.begin(path, boot: boot, lowWater: image.lowWater, isSnapshot: true)
            var written = Written(
                segment: LiveSegment(file: file, number: number, size: size, isNamed: true), moves: [:])
            try fill(&written)
            try file.sync()
            try Disk.move(path, to: folder.segment(number))
            try Disk.syncFolder(folder.path)
            return written
        } catch {
            unlink(path)
            throw error.ofJournal
        }
    }

    private func fill(_ written: inout Written) throws(ElvesError) {
        var writer = ThriftWriter(.compact, capacity: Self.piece)
        let recorded = image.recorded.map { RecordedAttempt(key: $0.key, ended: $0.value) }
        for start in stride(from: 0, to: recorded.count, by: Self.recordedInARecord) {
            let some = Array(recorded[start..<min(start + Self.recordedInARecord, recorded.count)])
            JournalFrame.append(to: &writer) { JournalRecord.recorded(some).write(to: &$0) }
            try empty(&writer, into: &written, above: Self.piece)
        }
        for taken in image.open.values {
            JournalFrame.append(to: &writer) { JournalRecord.taken(taken).write(to: &$0) }
            try empty(&writer, into: &written, above: Self.piece)
        }
        var results = ResultReader(folder: folder)
        for (key, kept) in image.kept {
            let offset = written.segment.size + Int64(writer.count)
            let held = unsaved[key]
            let frame = if let held { held } else { try results.frame(of: key, kept) }
            frame.withUnsafeBytes { writer.putRaw($0) }
            written.moves[key] = (
                kept.place, .init(segment: written.segment.number, offset: offset, length: Int32(frame.count))
            )
            try empty(&writer, into: &written, above: Self.piece)
        }
        try empty(&writer, into: &written, above: 0)
    }

    private func empty(
        _ writer: inout ThriftWriter, into written: inout Written, above limit: Int
    ) throws(ElvesError) {
        guard writer.count > limit else { return }
        try written.segment.file.write(writer.bytes())
        written.segment.size += Int64(writer.count)
        writer.reset()
    }
}

/// Reads kept results from their segments.
struct ResultReader {
    private let folder: JournalFolder
    private var open: (number: Int64, file: OpenFile)?

    init(folder: JournalFolder) { self.folder = folder }

    /// The record of a result as it lies on disk; when that is damaged one that says so.
    mutating func frame(of key: AttemptKey, _ kept: JournalImage.Kept) throws(ElvesError) -> [UInt8] {
        if let frame = try whole(kept.place) { return frame }
        let result = Self.unreadable(key, kept)
        var writer = ThriftWriter(.compact)
        JournalFrame.append(to: &writer) { writer in
            var ended = kept.ended
            ended.state = result.state
            JournalRecord.ended(key, ended, at: kept.endedAt).write(to: &writer)
            result.write(to: &writer)
        }
        return writer.bytes()
    }

    /// A kept result; when its record is damaged one that says so.
    mutating func result(of key: AttemptKey, _ kept: JournalImage.Kept) throws(ElvesError) -> TaskResult {
        guard let frame = try whole(kept.place), let result = Self.result(in: frame) else {
            return Self.unreadable(key, kept)
        }
        return result
    }

    static func result(in frame: [UInt8]) -> TaskResult? {
        try? JournalRecord.result(in: Array(frame.dropFirst(JournalFrame.headBytes)))
    }

    private mutating func whole(_ place: JournalImage.Place) throws(ElvesError) -> [UInt8]? {
        let path = folder.segment(place.segment)
        let file: OpenFile
        if let open, open.number == place.segment {
            file = open.file
        } else {
            file = try OpenFile(path, O_RDONLY)
            open = (place.segment, file)
        }
        let frame = try file.read(at: place.offset, count: Int(place.length), path: path)
        guard frame.count == Int(place.length), frame.count > JournalFrame.headBytes else { return nil }
        let checksum = frame.withUnsafeBytes { UInt32(bigEndian: $0.loadUnaligned(fromByteOffset: 4, as: UInt32.self)) }
        let isWhole = frame.withUnsafeBytes { CRC32C.of(UnsafeRawBufferPointer(rebasing: $0[8...])) } == checksum
        return isWhole ? frame : nil
    }

    private static func unreadable(_ key: AttemptKey, _ kept: JournalImage.Kept) -> TaskResult {
        TaskResult(
            taskId: key.taskId, attempt: key.attempt, state: .unknown, flag: -1,
            message: "it ended \(kept.ended.state), and its result on the agent's disk is damaged",
            code: ErrorCode.agentJournal.code, takenAt: kept.ended.takenAt)
    }
}
