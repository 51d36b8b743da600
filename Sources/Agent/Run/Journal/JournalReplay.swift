internal import ElvesCore
internal import Glibc
internal import Thrift

/// A journal as its folder has it.
struct JournalReplay {
    /// A place where a segment stopped making sense.
    struct Cut: Hashable {
        var number: Int64
        var offset: Int64
        var bytes: Int64
        /// nil: an end that was never written whole.
        var damage: String?
    }

    private(set) var image = JournalImage()
    private(set) var cuts: [Cut] = []
    /// The segments that count, lowest first, with the bytes of each that make sense.
    private(set) var segments: [(number: Int64, size: Int64)] = []
    /// Segments that a later snapshot has made superfluous.
    private(set) var superfluous: [Int64] = []
    /// Which start of the machine the last segment was written in.
    private(set) var boot = ""
    /// The newest format that a segment was written in.
    private(set) var newest = SegmentHeader.format

    /// Reads every segment; changes nothing.
    init(_ folder: JournalFolder) throws(ElvesError) {
        let numbers = folder.numbers
        var first: Int64 = 0
        for number in numbers.reversed() where first == 0 {
            if try Self.header(folder.segment(number))?.isSnapshot == true { first = number }
        }
        for number in numbers {
            if number < first {
                superfluous.append(number)
            } else {
                try read(number, folder.segment(number))
            }
        }
    }

    private static func header(_ path: String) throws(ElvesError) -> SegmentHeader? {
        var reader = SegmentReader(try OpenFile(path, O_RDONLY), path: path)
        guard case .record(let payload, _, _) = try reader.next(),
            case .header(let header)? = try? JournalRecord.read(payload)
        else { return nil }
        return header
    }

    private mutating func read(_ number: Int64, _ path: String) throws(ElvesError) {
        var reader = SegmentReader(try OpenFile(path, O_RDONLY), path: path)
        var damage: String?
        reading: while true {
            let position = reader.position
            switch try reader.next() {
            case .end: break reading
            case .torn:
                cuts.append(Cut(number: number, offset: position, bytes: reader.size - position))
                break reading
            case .damaged(let what):
                damage = what
            case .record(let payload, let offset, let length):
                do {
                    if let record = try JournalRecord.read(payload) {
                        if case .header(let header) = record {
                            boot = header.boot
                            newest = max(newest, header.format)
                        }
                        image.apply(record, at: .init(segment: number, offset: offset, length: length))
                    }
                } catch {
                    damage = "a record that cannot be read: \(error.message)"
                }
            }
            if let damage {
                cuts.append(Cut(number: number, offset: position, bytes: reader.size - position, damage: damage))
                break reading
            }
        }
        segments.append((number, cuts.last?.number == number ? cuts.last?.offset ?? 0 : reader.size))
    }
}
