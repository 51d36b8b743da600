internal import ElvesCore
internal import Glibc
internal import Runner

/// Reads a journal, mends it, and gets it ready to be written to.
struct JournalOpening {
    let folder: JournalFolder
    private(set) var image: JournalImage
    private(set) var segment: LiveSegment
    private(set) var oldBytes: Int64 = 0
    private(set) var problems: [ElvesError] = []
    private(set) var isOfEarlierBoot: Bool

    init(_ folder: JournalFolder, limits: AttemptJournal.Limits, boot: String) throws(ElvesError) {
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
        for cut in replay.cuts { problems.append(try Self.mend(cut, in: folder)) }
        // Attempts that were cut away are of tasks up to here, or came later: of those only this life knows.
        if replay.cuts.contains(where: { $0.damage != nil }) { image.raise(lowWater: image.highest) }
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

    /// Cuts a segment where it stops making sense; what comes after damage is kept beside it.
    private static func mend(_ cut: JournalReplay.Cut, in folder: JournalFolder) throws(ElvesError) -> ElvesError {
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
        guard ftruncate(file.descriptor, off_t(cut.offset)) == 0 else { throw Disk.error("cut", path) }
        try file.sync()
        return ElvesError(
            .agentJournal, message + "; attempts that were open in it end unknown, unless their worker's end is known",
            hint: "Look at the machine's disk and file system.")
    }
}
