import ElvesCore
import Logging

/// Finds the segments of a folder as a process that died left them.
struct SegmentOpening {
    let folder: String
    let nowMs: Int64
    let logger: Logger

    func run() throws(ElvesError) -> OutputStore.State {
        var state = OutputStore.State()
        let numbers = try SegmentFile.numbers(in: folder)
        state.nextNumber = (numbers.last ?? 0) + 1
        for number in numbers {
            guard let segment = try SegmentFile(opening: number, in: folder) else {
                try dropHeadless(number)
                continue
            }
            if let closed = try ClosedSegment(opening: segment) {
                state.closed.append(closed)
            } else if number == numbers.last {
                state.open = try reopen(segment)
            } else if let closed = try close(segment) {
                state.closed.append(closed)
            }
        }
        return state
    }

    /// The segment that was open goes on behind its last whole piece.
    private func reopen(_ segment: SegmentFile) throws(ElvesError) -> OpenSegment {
        let size = try segment.file.size
        let scan = try SegmentScan(segment, size: size)
        report(scan, segment, size)
        if scan.end < size { try segment.file.truncate(to: scan.end) }
        return OpenSegment(segment, scan.entries, end: scan.end)
    }

    /// A segment whose end was lost gets a new index; nil when there is no room for one now.
    private func close(_ segment: SegmentFile) throws(ElvesError) -> ClosedSegment? {
        let size = try segment.file.size
        let scan = try SegmentScan(segment, size: size)
        report(scan, segment, size)
        do throws(ElvesError) {
            return try ClosedSegment(closing: segment, scan.entries, end: scan.end, atMs: nowMs)
        } catch {
            logger.error(
                "output is left out: its index cannot be written",
                metadata: ["path": "\(segment.file.path)", "error": "\(error.message)"])
            return nil
        }
    }

    /// Without its header nothing in it can be told from chance.
    private func dropHeadless(_ number: Int64) throws(ElvesError) {
        let path = SegmentFile.path(number, in: folder)
        logger.error("output is lost: a segment has no header", metadata: ["path": "\(path)"])
        try DataFolder.remove(path)
    }

    private func report(_ scan: SegmentScan, _ segment: SegmentFile, _ size: Int64) {
        guard scan.damaged > 0 || scan.end < size else { return }
        logger.warning(
            "a segment of output was cut at its last whole piece",
            metadata: [
                "path": "\(segment.file.path)", "pieces": "\(scan.entries.count)", "cut.bytes": "\(size - scan.end)",
                "damaged.bytes": "\(scan.damaged)",
            ])
    }
}
