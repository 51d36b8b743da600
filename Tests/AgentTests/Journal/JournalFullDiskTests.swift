import ElvesContracts
import ElvesCore
import Glibc
import Runner
import TestSupport
import Testing

@testable import Agent

@Suite(.serialized, .enabled(if: SmallDisk.isPermitted, "mounting a small tmpfs needs root"))
struct JournalFullDiskTests {
    @Test func anAttemptThatDoesNotFitDoesNotStartAndNothingIsDamaged() async throws {
        let disk = try SmallDisk(mebibytes: 1)
        let journal = try AttemptJournal(folder: disk.path, boot: "b")
        #expect(try await journal.begin(taken(1)))
        try disk.fill()
        var refused: ElvesError?
        var last: Int64 = 1
        while refused == nil, last < 1000 {
            last += 1
            do throws(ElvesError) { _ = try await journal.begin(taken(last)) } catch { refused = error }
        }
        #expect(refused?.code == .agentDiskFull && journal.standing(last) == .never)
        // What runs ends: its result is held until there is room.
        let text = "\"" + String(repeating: "x", count: 9000) + "\""
        let problem = journal.end(AttemptKey(taskId: 1), answered(1, text: text), at: 5)
        #expect(problem?.code == .agentDiskFull && journal.standing(1) == .kept)
        #expect(await journal.result(of: AttemptKey(taskId: 1))?.result == text)
        #expect(journal.flush()?.code == .agentDiskFull)
        // Killed now, nothing that was written is lost.
        let asItIs = try JournalReplay(JournalFolder(path: disk.path))
        #expect(asItIs.cuts.isEmpty && asItIs.image.open.count == Int(last) - 1)
        try disk.empty()
        #expect(journal.flush() == nil)
        #expect(try await journal.begin(taken(5000, isDurable: true)))
        let next = try AttemptJournal(folder: disk.path, boot: "b")
        #expect(next.standing(1) == .kept && next.standing(5000) == .open && !next.wasCut)
        #expect(await next.result(of: AttemptKey(taskId: 1))?.result == text)
    }

    @Test func aRewritingThatDoesNotFitLeavesEverythingAsItWas() async throws {
        let disk = try SmallDisk(mebibytes: 1)
        var limits = AttemptJournal.Limits()
        limits.garbage = 32 << 10
        limits.remembered = 10
        let journal = try AttemptJournal(folder: disk.path, limits: limits, boot: "b")
        let text = "\"" + String(repeating: "x", count: 3000) + "\""
        for task in 1...60 as ClosedRange<Int64> { try await journal.run(task, text: text) }
        #expect(try await journal.begin(taken(100)))
        try disk.fill()
        journal.record(1...30)
        #expect(try await eventually { !journal.isRewriting })
        #expect(journal.standing(31) == .kept && journal.standing(100) == .open)
        #expect(await journal.result(of: AttemptKey(taskId: 60))?.result == text)
        try disk.empty()
        journal.record(31...40)
        for task in 200...230 as ClosedRange<Int64> { try await journal.run(task) }
        #expect(try await eventually { !journal.isRewriting })
        journal.close()
        let next = try AttemptJournal(folder: disk.path, limits: limits, boot: "b")
        #expect(!next.wasCut && next.standing(100) == .open)
        for task in 41...60 as ClosedRange<Int64> {
            #expect(await next.result(of: AttemptKey(taskId: task))?.result == text)
        }
    }
}
