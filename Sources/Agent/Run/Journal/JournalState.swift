internal import ElvesContracts
internal import ElvesCore
internal import Glibc
internal import Runner
internal import Thrift

/// The C library's `write`, where a method of that name hides it.
private func writeBytes(_ file: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(file, bytes.baseAddress, bytes.count)
}

/// A segment that is written to.
struct LiveSegment {
    var file: OpenFile
    var number: Int64
    var size: Int64
    /// Whether its name is on the disk, so that what is synced in it can be found after a power loss.
    var isNamed = false
    /// The folder, while durable attempts wait for that.
    var names: OpenFile?
    /// Its end could not be cut back after a write that failed half-way.
    var isSpoilt = false
}

/// What a journal holds while it is open; under its lock.
struct JournalState: ~Copyable {
    var image: JournalImage
    var segment: LiveSegment
    /// Bytes of the segments before.
    var oldBytes: Int64
    var isRewriting = false
    var isClosed = false
    /// Bytes of all segments below which none is rewritten: grows when a rewriting fails.
    var patience: Int64 = 0
    /// Results that the disk did not take, as they would lie there.
    private(set) var unsaved: [AttemptKey: [UInt8]] = [:]
    /// Attempts recorded since the last write: they go with the next one. Losing them costs a result sent again.
    private var marks: [RecordedAttempt] = []
    private let folder: JournalFolder
    private let boot: String
    private var writer = ThriftWriter(.compact, capacity: 512)

    /// Marks that wait for a write at most.
    private static let marksLimit = 512
    /// Memory that the writer keeps.
    private static let writerLimit = 64 << 10

    init(image: JournalImage, segment: LiveSegment, oldBytes: Int64, folder: JournalFolder, boot: String) {
        self.image = image
        self.segment = segment
        self.oldBytes = oldBytes
        self.folder = folder
        self.boot = boot
    }

    var bytes: Int64 { oldBytes + segment.size }

    /// Writes a record, and what waits to be written, with one call of the kernel.
    mutating func append(_ record: JournalRecord, result: TaskResult? = nil) throws(ElvesError) -> JournalImage.Place {
        writer.reset()
        if !marks.isEmpty {
            let marks = marks
            JournalFrame.append(to: &writer) { JournalRecord.recorded(marks).write(to: &$0) }
        }
        let before = writer.count
        let length = JournalFrame.append(to: &writer) { writer in
            record.write(to: &writer)
            result?.write(to: &writer)
        }
        let start = try write()
        marks.removeAll(keepingCapacity: true)
        return .init(segment: segment.number, offset: start + Int64(before), length: Int32(length))
    }

    /// Has the folder at hand that must be synced for the first durable attempt of a segment.
    mutating func openNames() throws(ElvesError) {
        if !segment.isNamed, segment.names == nil { segment.names = try OpenFile(folder.path, O_RDONLY) }
    }

    /// Holds a result that could not be written until it can be.
    mutating func hold(_ record: JournalRecord, result: TaskResult, for key: AttemptKey) -> JournalImage.Place {
        var writer = ThriftWriter(.compact)
        let length = JournalFrame.append(to: &writer) { writer in
            record.write(to: &writer)
            result.write(to: &writer)
        }
        unsaved[key] = writer.bytes()
        return .init(segment: 0, offset: 0, length: Int32(length))
    }

    /// Drops a result that the center has recorded, and has it noted with the next write.
    mutating func record(_ key: AttemptKey) {
        guard let attempt = image.record(key) else { return }
        unsaved[key] = nil
        marks.append(attempt)
        if marks.count >= Self.marksLimit { try? flush() }
    }

    /// Writes what waits to be written.
    mutating func flush() throws(ElvesError) {
        guard !marks.isEmpty || !unsaved.isEmpty else { return }
        writer.reset()
        if !marks.isEmpty {
            let marks = marks
            JournalFrame.append(to: &writer) { JournalRecord.recorded(marks).write(to: &$0) }
        }
        var places: [AttemptKey: (offset: Int, length: Int)] = [:]
        for (key, frame) in unsaved {
            places[key] = (writer.count, frame.count)
            frame.withUnsafeBytes { writer.putRaw($0) }
        }
        let start = try write()
        marks.removeAll(keepingCapacity: true)
        for (key, place) in places {
            moved(
                key, from: .init(segment: 0, offset: 0, length: Int32(place.length)),
                to: .init(
                    segment: segment.number, offset: start + Int64(place.offset), length: Int32(place.length)))
        }
    }

    /// Writes results that the disk did not take before.
    mutating func flushHeld() throws(ElvesError) {
        if !unsaved.isEmpty { try flush() }
    }

    /// A result lies elsewhere now.
    mutating func moved(_ key: AttemptKey, from: JournalImage.Place, to place: JournalImage.Place) {
        image.move(key, from: from, to: place)
        if from.segment == 0 { unsaved[key] = nil }
    }

    /// Goes on in a new segment.
    mutating func roll(to number: Int64) throws(ElvesError) {
        let next = try JournalSnapshot.begin(folder.segment(number), boot: boot, lowWater: image.lowWater)
        oldBytes += segment.size
        segment = LiveSegment(file: next.file, number: number, size: next.size)
    }

    /// Writes what the writer holds, all of it or nothing; answers with where it lies.
    private mutating func write() throws(ElvesError) -> Int64 {
        if segment.isSpoilt { try roll(to: segment.number + 1) }
        let start = segment.size
        let count = writer.count
        var written = 0
        var failure: Int32 = 0
        writer.withBytes { bytes in
            while written < count {
                let now = writeBytes(segment.file.descriptor, UnsafeRawBufferPointer(rebasing: bytes[written...]))
                if now < 0, errno == EINTR { continue }
                guard now > 0 else {
                    failure = now < 0 ? errno : ENOSPC
                    return
                }
                written += now
            }
        }
        if count > Self.writerLimit { writer = ThriftWriter(.compact, capacity: 512) }
        guard failure == 0 else {
            // Half a record would hide the next one.
            if written > 0, ftruncate(segment.file.descriptor, off_t(start)) != 0 { segment.isSpoilt = true }
            errno = failure
            throw Disk.error("write", folder.segment(segment.number)).ofJournal
        }
        segment.size += Int64(count)
        return start
    }
}

extension ElvesError {
    /// The same trouble as one of the journal's; a full disk stays one.
    var ofJournal: ElvesError {
        code == .agentDiskFull || code == .agentJournal
            ? self : ElvesError(.agentJournal, message, details: details)
    }
}
