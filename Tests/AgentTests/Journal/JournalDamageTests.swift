import ElvesContracts
import ElvesCore
import Glibc
import Runner
import Testing

@testable import Agent

/// A journal whose file was cut, spoilt or mixed up: what is read back was written, and nothing is invented.
@Suite struct JournalDamageTests {
    private let folder: Folder
    private var path: String { folder.path + "/00000001.journal" }

    init() throws { folder = try Folder() }

    /// What was known after each step, and how long the file was then.
    private func written() async throws -> [(size: Int64, known: [AttemptKey: AttemptStanding])] {
        let journal = try AttemptJournal(folder: folder.path, boot: "b")
        var steps = [(Disk.size(path) ?? 0, journal.known)]
        func step() {
            journal.flush()
            steps.append((Disk.size(path) ?? 0, journal.known))
        }
        for task in 1...4 as ClosedRange<Int64> {
            #expect(try await journal.begin(taken(task)))
            step()
            journal.end(AttemptKey(taskId: task), answered(task, text: "\"text\""), at: 5)
            step()
            if task.isMultiple(of: 2) {
                journal.record([task])
                step()
            }
        }
        #expect(try await journal.begin(taken(9)))
        step()
        return steps
    }

    @Test func cutAnywhereItIsAPrefixOfWhatWasWritten() async throws {
        let steps = try await written()
        let whole = try Disk.read(path)
        for length in 0...whole.count {
            let copy = try Folder()
            try Disk.replace(copy.path + "/00000001.journal", with: Array(whole[..<length]))
            let journal = try AttemptJournal(folder: copy.path, boot: "b")
            let last = steps.last { $0.size <= length }
            #expect(journal.known == last?.known ?? [:], "cut at \(length)")
            let isTorn = length > 0 && !steps.contains { $0.size == length }
            #expect(journal.problems.isEmpty == !isTorn && journal.wasCut == isTorn, "cut at \(length)")
            #expect(journal.standing(77) == (isTorn ? .forgotten : .never))
            // It can be written to again, and read again.
            #expect(try await journal.begin(taken(50)))
            let next = try AttemptJournal(folder: copy.path, boot: "b")
            #expect(next.problems.isEmpty && next.known[AttemptKey(taskId: 50)] == .open)
            #expect(next.known.count == journal.known.count)
        }
    }

    @Test func aSpoiltByteCutsThereAndInventsNothing() async throws {
        let steps = try await written()
        let whole = try Disk.read(path)
        let all = steps.last?.known ?? [:]
        let order: [AttemptStanding] = [.never, .open, .kept, .recorded]
        for index in whole.indices {
            let copy = try Folder()
            var spoilt = whole
            spoilt[index] ^= 0x55
            try Disk.replace(copy.path + "/00000001.journal", with: spoilt)
            let journal = try AttemptJournal(folder: copy.path, boot: "b")
            let before = steps.last { $0.size <= index }?.known ?? [:]
            #expect(journal.known == before, "byte \(index)")
            #expect(journal.problems.count == 1 && journal.problems.first?.code == .agentJournal)
            for (key, standing) in journal.known {
                let most = all[key].flatMap(order.firstIndex(of:)) ?? 0
                #expect((order.firstIndex(of: standing) ?? 9) <= most)
            }
            // What was cut is kept when records came after it.
            let isLast = index >= steps[steps.count - 2].size
            let damaged = Disk.names(in: copy.path).filter { $0.hasSuffix(".damaged") }
            #expect(damaged.isEmpty == isLast, "byte \(index)")
            if let name = damaged.first {
                #expect(try whole.count - Disk.read(copy.path + "/" + name).count <= index)
            }
        }
    }

    /// Longer than what is looked at in one step.
    @Test(arguments: [600_000, 3_000_000]) func damageToALongRecordIsNoTornEnd(length: Int) async throws {
        let journal = try AttemptJournal(folder: folder.path, boot: "b")
        try await journal.run(1)
        journal.flush()
        let start = Int(Disk.size(path) ?? 0)
        let text = "\"" + String(repeating: "x", count: length) + "\""
        for task in 2...4 as ClosedRange<Int64> { #expect(try await journal.begin(taken(task))) }
        for task in 3...4 as ClosedRange<Int64> {
            journal.end(AttemptKey(taskId: task), answered(task, text: text), at: 5)
        }
        journal.flush()
        let whole = try Disk.read(path)
        var spoilt = whole
        spoilt[start + length / 2] ^= 1
        try Disk.replace(path, with: spoilt)
        let next = try AttemptJournal(folder: folder.path, boot: "b")
        #expect(next.wasCut && next.problems.first?.message.contains("damaged") == true, "\(next.problems)")
        let name = try #require(Disk.names(in: folder.path).first { $0.hasSuffix(".damaged") })
        #expect(try Disk.read(folder.path + "/" + name).suffix(length) == whole.suffix(length))
        #expect(next.standing(1) == .kept && next.standing(2) == .open && next.standing(4) == .open)
    }

    @Test(arguments: [300_000, 1_500_000]) func aLongRecordThatWasNotFinishedIsTorn(length: Int) async throws {
        let journal = try AttemptJournal(folder: folder.path, boot: "b")
        var dice = Dice(7)
        // Of all characters that a byte can say: much in it looks like a length.
        let text = String(decoding: dice.bytes(length).map { $0 & 0x7F }, as: UTF8.self)
        try await journal.run(1, text: text)
        journal.flush()
        try Disk.replace(path, with: try Disk.read(path).dropLast(3))
        let next = try AttemptJournal(folder: folder.path, boot: "b")
        #expect(next.wasCut && next.problems.first?.message.contains("not written whole") == true, "\(next.problems)")
        #expect(Disk.names(in: folder.path).filter { $0.hasSuffix(".damaged") }.isEmpty)
    }

    @Test func attemptsThatWereCutAwayCannotBeTold() async throws {
        _ = try await written()
        var bytes = try Disk.read(path)
        bytes[60] ^= 1
        try Disk.replace(path, with: bytes)
        let journal = try AttemptJournal(folder: folder.path, boot: "b")
        #expect(journal.standing(4) == .forgotten)
        #expect(try await journal.begin(taken(60)), "what was never sent before may run")
        #expect(journal.standing(60) == .open)
    }

    /// An id of the time `ms` after that at which the journal is opened in these tests.
    private func task(after ms: Int64) -> Int64 { (Self.openedMs + ms - ElvesID.epochMs) << 22 | 77 }
    private static let openedMs = ElvesID.epochMs + 30_000_000_000
    private static let dayMs: Int64 = 24 * 3600 * 1000

    /// The opening after the one that cut finds a whole journal, and knows no more.
    @Test(arguments: [true, false]) func whatWasCutAwayStaysForgotten(isDamaged: Bool) async throws {
        _ = try await written()
        let whole = try Disk.read(path)
        var bytes = whole
        if isDamaged { bytes[60] ^= 1 } else { bytes.removeLast(3) }
        try Disk.replace(path, with: bytes)
        _ = try AttemptJournal(folder: folder.path, boot: "b", wallMs: Self.openedMs)
        // Also over a rewriting, and long after.
        for boot in ["b", "another", "b"] {
            let next = try AttemptJournal(folder: folder.path, boot: boot, wallMs: Self.openedMs + 9 * Self.dayMs)
            #expect(next.problems.isEmpty && !next.wasCut)
            #expect(next.standing(9) == .forgotten && next.standing(task(after: -1)) == .forgotten)
            #expect(next.standing(task(after: Self.dayMs - 1)) == .forgotten, "the clock may be behind")
            #expect(next.standing(task(after: Self.dayMs + 1)) == .never)
        }
    }

    /// It dies when it has cut and has not rewritten yet.
    @Test func aCutLeavesWordWhereItWasMade() async throws {
        let steps = try await written()
        try Disk.replace(path, with: try Disk.read(path).dropLast(3))
        let place = JournalFolder(path: folder.path)
        let cut = try #require(try JournalReplay(place).cuts.first)
        _ = try JournalOpening.mend(cut, in: place, leaving: SegmentHeader(isSnapshot: false, lowWater: 500, boot: "b"))
        let replay = try JournalReplay(place)
        #expect(replay.cuts.isEmpty && replay.image.lowWater == 500 && replay.boot == "b")
        let journal = try AttemptJournal(folder: folder.path, boot: "b")
        #expect(journal.problems.isEmpty && journal.known == steps[steps.count - 2].known)
        #expect(journal.standing(9) == .forgotten && journal.standing(501) == .never)
    }

    @Test func aClockThatCannotBeRightForgetsNothingForEver() {
        let known = task(after: 0)
        #expect(JournalOpening.latestTask(by: 0, known) >= known)
        #expect(JournalOpening.latestTask(by: .max / 2, known) == .max)
    }

    @Test func zerosAtTheEndAreNoRecords() async throws {
        let steps = try await written()
        let whole = try Disk.read(path)
        try Disk.replace(path, with: whole + [UInt8](repeating: 0, count: 5000))
        let journal = try AttemptJournal(folder: folder.path, boot: "b")
        #expect(journal.known == steps.last?.known && journal.wasCut)
        #expect(Disk.names(in: folder.path).filter { $0.hasSuffix(".damaged") }.isEmpty)
    }

    @Test func aSnapshotThatWasNotFinishedIsNothing() async throws {
        let steps = try await written()
        try folder.write("00000002.journal.new", "half a snapshot")
        let journal = try AttemptJournal(folder: folder.path, boot: "b")
        #expect(journal.known == steps.last?.known && !journal.wasCut)
        #expect(!Disk.exists(folder.path + "/00000002.journal.new"))
    }

    @Test func aSnapshotTakesThePlaceOfWhatWasBefore() async throws {
        let steps = try await written()
        // As if it had died after the snapshot got its name, and before the segments before it were removed.
        var image = JournalImage()
        image.take(taken(70))
        let snapshot = JournalSnapshot(folder: JournalFolder(path: folder.path), image: image, unsaved: [:], boot: "b")
        _ = try snapshot.write(as: 2)
        _ = try JournalSnapshot.begin(folder.path + "/00000003.journal", boot: "b", lowWater: 0)
        let journal = try AttemptJournal(folder: folder.path, boot: "b")
        #expect(journal.known == [AttemptKey(taskId: 70): .open] && steps.count > 1)
        #expect(!segments(folder).contains("00000001.journal"))
    }

    @Test func aDamagedResultIsToldAsUnknown() async throws {
        let journal = try AttemptJournal(folder: folder.path, boot: "b")
        try await journal.run(1, text: "\"precious\"")
        var bytes = try Disk.read(path)
        bytes[bytes.count - 3] ^= 1
        let file = try OpenFile(path, O_WRONLY)
        try file.write(bytes)
        let read = await journal.result(of: AttemptKey(taskId: 1))
        #expect(read?.state == .unknown && read?.code == "agent.journal" && read?.message.contains("damaged") == true)
    }
}
