internal import ElvesContracts
internal import ElvesCore
internal import Glibc

/// The C library's `pread`, by a name of its own.
private func readBytes(_ file: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int, _ offset: Int64) -> Int {
    pread(file, bytes, count, off_t(offset))
}

/// A copy of a worker's output, as the runner writes it: frames of `[stream][length: 4 bytes, big endian][bytes]`.
///
/// Stream 1 is standard output, 2 standard error. A frame of stream 0 is the agent's own: it ends the file, and its
/// 16 bytes say how many the worker wrote to each output, -1 for not known.
///
/// What is read has one order, whenever and in whatever pieces it is read: that of the frames, where the beginning of
/// a UTF-8 sequence at the end of a frame comes with the rest of it. So an offset means the same bytes for ever.
struct CopyFile: Sendable {
    /// Bytes of one output.
    struct Run: Sendable, Hashable {
        var stream: OutputStream
        var bytes: [UInt8]
    }

    /// The agent's own frame.
    private static let endStream: UInt8 = 0
    private static let endLength = 16
    private static let headerLength = 5
    /// No frame of the runner is longer: a longer one is damage.
    private static let longestFrame = 16 << 20
    private static let blockLength = 64 << 10

    private let file: OpenFile

    /// Opens the file for reading; nil when there is none.
    init?(_ path: String) {
        guard let file = try? OpenFile(path, O_RDONLY) else { return nil }
        self.file = file
    }

    /// The next bytes of one output from `place` on, at most `limit`, and moves `place` behind them; nil when there
    /// are no more for now.
    ///
    /// Whole UTF-8 sequences, unless `limit` is shorter than one.
    func next(from place: inout CopyPlace, limit: Int) -> Run? {
        var run: Run?
        var room = limit
        while room > 0 {
            let block = read(at: place.fileOffset)
            var rest = block[...]
            guard !rest.isEmpty, take(&rest, at: &place, into: &run, room: &room) else { break }
        }
        return run
    }

    /// Bytes that are held at `place`, when nothing follows that could complete them.
    static func heldBack(at place: inout CopyPlace, limit: Int) -> Run? {
        for stream in [OutputStream.stdout, .stderr] {
            guard let held = place.held[stream], !held.isEmpty else { continue }
            let bytes = Array(held.prefix(max(1, limit)))
            place.held[stream] = Array(held.dropFirst(bytes.count))
            place.before[stream] += Int64(bytes.count)
            return Run(stream: stream, bytes: bytes)
        }
        return nil
    }

    /// What the frame that ends the file says; nil while there is none.
    var finish: OutputCounts? {
        let frame = Self.headerLength + Self.endLength
        let size = lseek(file.descriptor, 0, SEEK_END)
        guard size >= frame else { return nil }
        let bytes = read(at: Int64(size) - Int64(frame))
        guard bytes.starts(with: [Self.endStream, 0, 0, 0, UInt8(Self.endLength)]) else { return nil }
        return OutputCounts(stdout: Self.number(bytes[5..<13]), stderr: Self.number(bytes[13..<21]))
    }

    /// Bytes of the file.
    var size: Int64 {
        var status = stat()
        return fstat(file.descriptor, &status) == 0 ? Int64(status.st_size) : 0
    }

    /// The place of a number in the sequence, read on from `start`; where the file ends when it is shorter.
    func place(of offset: Int64, from start: CopyPlace) -> CopyPlace {
        var place = start.offset <= offset ? start : CopyPlace()
        while place.offset < offset {
            let limit = Int(min(Int64(Self.blockLength), offset - place.offset))
            if next(from: &place, limit: limit) == nil, Self.heldBack(at: &place, limit: limit) == nil { break }
        }
        return place
    }

    /// Ends the file of a worker that has ended.
    static func close(_ path: String, wrote counts: OutputCounts) throws(ElvesError) {
        let frame = [endStream, 0, 0, 0, UInt8(endLength)] + bytes(counts.stdout) + bytes(counts.stderr)
        try OpenFile(path, O_WRONLY | O_APPEND).append(frame)
    }

    /// Takes what is in a block; false when nothing more can be taken.
    private func take(
        _ block: inout ArraySlice<UInt8>, at place: inout CopyPlace, into run: inout Run?, room: inout Int
    ) -> Bool {
        while room > 0 {
            if place.frameLeft == 0 {
                guard let header = Self.header(block) else { return false }
                if let run, !run.bytes.isEmpty, run.stream != header.stream { return false }
                place.stream = header.stream
                place.frameLeft = header.length
                place.fileOffset += Int64(Self.headerLength)
                block = block.dropFirst(Self.headerLength)
            }
            let piece = block.prefix(place.frameLeft)
            guard !piece.isEmpty || place.frameLeft == 0 else { return false }
            let taken = Self.take(piece, at: &place, into: &run, room: &room)
            block = block.dropFirst(taken)
            // A character that does not fit any more begins the next run.
            if taken < piece.count { return false }
            if block.count < Self.headerLength { return true }
        }
        return false
    }

    /// Gives out bytes of the frame that `place` lies in; answers how many of them were taken.
    private static func take(
        _ piece: ArraySlice<UInt8>, at place: inout CopyPlace, into run: inout Run?, room: inout Int
    ) -> Int {
        let stream = place.stream
        let held = place.held[stream] ?? []
        let bytes = held.isEmpty ? piece : held + piece
        let whole = bytes.count - UTF8Edge.incompleteTail(bytes)
        var count = whole
        if whole > room {
            count = room - UTF8Edge.incompleteTail(bytes.prefix(room))
            // A character that is longer than the room is torn only where it would begin a run.
            if count == 0, run == nil { count = room }
        }
        // What is held is no part of the frame.
        let taken = whole > room ? max(0, count - held.count) : piece.count
        place.held[stream] =
            whole > room
            ? (count < held.count ? Array(held.dropFirst(count)) : nil)
            : (whole < bytes.count ? Array(bytes.dropFirst(whole)) : nil)
        place.fileOffset += Int64(taken)
        place.frameLeft -= taken
        guard count > 0 else { return taken }
        place.before[stream] += Int64(count)
        room -= count
        if run == nil { run = Run(stream: stream, bytes: []) }
        run?.bytes += bytes.prefix(count)
        return taken
    }

    private static func header(_ bytes: ArraySlice<UInt8>) -> (stream: OutputStream, length: Int)? {
        guard bytes.count >= headerLength, let first = bytes.first, first == 1 || first == 2 else { return nil }
        let length = bytes.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
        return length <= longestFrame ? (first == 2 ? .stderr : .stdout, length) : nil
    }

    private func read(at offset: Int64) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.blockLength + Self.headerLength) { buffer, count in
            count = max(0, readBytes(file.descriptor, buffer.baseAddress, buffer.count, offset))
        }
    }

    private static func bytes(_ number: Int64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int64 { bytes.reduce(0) { $0 << 8 | Int64($1) } }
}
