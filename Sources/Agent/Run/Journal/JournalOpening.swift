internal import ElvesCore
internal import Glibc
internal import Runner
internal import Thrift

/// Reads a journal, mends it, and gets it ready to be written to.
struct JournalOpening {
    let folder: JournalFolder
    private(set) var image: JournalImage
    private(set) var segment: LiveSegment
    private(set) var oldBytes: Int64 = 0
    private(set) var problems: [ElvesError] = []
    private(set) var isOfEarlierBoot: Bool

    /// `wallMs`: the wall clock's UTC milliseconds.
    init(
        _ folder: JournalFolder, limits: AttemptJournal.Limits, boot: String, wallMs: Int64
    ) throws(ElvesError) {
        self.folder = folder
        folder.removeUnfinished()
        let replay = try JournalReplay(folder)
        guard replay.newest <= SegmentHeader.format else {
            throw ElvesError(
                .agentJournal, "\(folder.path) was written by a newer agent, in format \(replay.newest)",
                hint: "Install that version again; this one reads format \(SegmentHeader.format).")
        }
        image = replay.image
        isOfEarlierBoot = !replay.boot.isEmpty && !boot.isEmpty && replay.boot != boot
        if !replay.cuts.isEmpty {
            // For good: the next opening finds nothing to cut, and knows no more than this one.
            image.raise(lowWater: Self.latestTask(by: wallMs, image.highest))
            let header = SegmentHeader(isSnapshot: false, lowWater: image.lowWater, boot: replay.boot)
            for cut in replay.cuts { problems.append(try Self.mend(cut, in: folder, leaving: header)) }
        }
        let hasOld = Disk.exists(folder.old)
        if hasOld { try OldJournal.read(folder.old, into: &image) }
        let surplus = image.surplus(over: limits.remembered)
        image.forget(surplus)

        let size = replay.segments.reduce(0) { $0 + $1.size }
        let isFine =
            replay.segments.count == 1 && replay.cuts.isEmpty && !hasOld && surplus.isEmpty && !isOfEarlierBoot
            && size <= 2 * image.liveBytes + limits.garbage
        if isFine, let only = replay.segments.first {
            let file = try OpenFile(folder.segment(only.number), O_RDWR | O_APPEND)
            segment = LiveSegment(file: file, number: only.number, size: only.size)
        } else if replay.segments.isEmpty, !hasOld {
            let fresh = try JournalSnapshot.begin(folder.segment(1), boot: boot, lowWater: 0, isSnapshot: true)
            segment = LiveSegment(file: fresh.file, number: 1, size: fresh.size)
        } else {
            let snapshot = JournalSnapshot(folder: folder, image: image, unsaved: [:], boot: boot)
            let number = (replay.segments.last?.number ?? 0) + 1
            let written = try snapshot.write(as: number)
            for (key, move) in written.moves { image.move(key, from: move.from, to: move.to) }
            segment = written.segment
            for segment in replay.segments { Disk.remove(folder.segment(segment.number)) }
        }
        for number in replay.superfluous { Disk.remove(folder.segment(number)) }
        if hasOld { Disk.remove(folder.old) }
    }

    /// Hours by which this machine's clock may be behind the center's: it may be set to another zone's time.
    private static let clockMargin: Int64 = 24 * 3600 * 1000

    /// The highest id that a task can have that was made until now. Ids begin with the time of their making.
    static func latestTask(by wallMs: Int64, _ known: Int64) -> Int64 {
        let low = Int64(22)
        let tick = max(wallMs - ElvesID.epochMs, known >> low, 0) + clockMargin
        return min(tick, 1 << 41 - 1) << low | (1 << low - 1)
    }

    /// Cuts a segment where it stops making sense, and leaves word of that there; what comes after damage is kept
    /// beside it.
    static func mend(
        _ cut: JournalReplay.Cut, in folder: JournalFolder, leaving header: SegmentHeader
    ) throws(ElvesError) -> ElvesError {
        let path = folder.segment(cut.number)
        let file = try OpenFile(path, O_RDWR)
        var message = "the end of \(path) was not written whole: \(cut.bytes) bytes from byte \(cut.offset) on are cut"
        if let damage = cut.damage {
            let beside = folder.damaged(cut.number, at: cut.offset)
            folder.removeOldDamage()
            try Disk.replace(
                beside, with: try file.read(at: cut.offset, count: Int(clamping: cut.bytes), path: path))
            message =
                "\(path) is damaged at byte \(cut.offset), by \(damage): the \(cut.bytes) bytes from there on are cut "
                + "and kept in \(beside)"
        }
        var writer = ThriftWriter(.compact, capacity: 128)
        JournalFrame.append(to: &writer) { JournalRecord.header(header).write(to: &$0) }
        let word = writer.bytes()
        // Over what is cut, and before it is: a crash in between leaves something to cut.
        guard
            word.withUnsafeBytes({ pwrite(file.descriptor, $0.baseAddress, $0.count, off_t(cut.offset)) }) == word.count
        else { throw Disk.error("write", path) }
        try file.sync()
        guard ftruncate(file.descriptor, off_t(cut.offset) + off_t(word.count)) == 0 else {
            throw Disk.error("cut", path)
        }
        try file.sync()
        return ElvesError(
            .agentJournal, message + "; attempts that were open in it end unknown, unless their worker's end is known",
            hint: "Look at the machine's disk and file system.")
    }
}
