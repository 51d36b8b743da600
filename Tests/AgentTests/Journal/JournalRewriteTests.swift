import Dispatch
import ElvesContracts
import ElvesCore
import Glibc
import Runner
import Synchronization
import Testing

@testable import Agent

/// Rewriting and group commit while many write.
@Suite struct JournalRewriteTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test func theFilesStaySmallAndNothingThatCountsIsDropped() async throws {
        var limits = AttemptJournal.Limits()
        limits.garbage = 64 << 10
        limits.remembered = 500
        let journal = try AttemptJournal(folder: folder.path, limits: limits, boot: "b")
        let kept = Array(stride(from: Int64(1), to: 400, by: 40))
        #expect(try await journal.begin(taken(2)))
        for task in kept { try await journal.run(task, text: "\"\(task)\"") }
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<8 as Range<Int64> {
                group.addTask {
                    for number in 0..<1000 as Range<Int64> {
                        let task = 1000 + number * 8 + writer
                        try? await journal.run(task)
                        journal.record([task])
                        if number.isMultiple(of: 100) {
                            let result = await journal.result(of: AttemptKey(taskId: kept[Int(writer)]))
                            #expect(result?.result == "\"\(kept[Int(writer)])\"")
                        }
                    }
                }
            }
        }
        #expect(try await eventually { !journal.isRewriting })
        let bytes = segments(folder).reduce(Int64(0)) { $0 + (Disk.size(folder.path + "/" + $1) ?? 0) }
        #expect(bytes < 512 << 10, "\(bytes) bytes in \(segments(folder))")
        let asItIs = try JournalReplay(JournalFolder(path: folder.path))
        #expect(asItIs.segments.contains { $0.number > 2 }, "it was rewritten")
        journal.close()
        let next = try AttemptJournal(folder: folder.path, limits: limits, boot: "b")
        #expect(next.open == [taken(2)] && next.problems.isEmpty)
        #expect(next.due(all: true, patience: .zero).map(\.taskId) == kept)
        for task in kept {
            #expect(await next.result(of: AttemptKey(taskId: task))?.result == "\"\(task)\"")
        }
        #expect(next.standing(8999) == .recorded && next.standing(1001) == .forgotten)
    }

    @Test func manyDurableWritersShareSyncsAndNoneReturnsBeforeItsOwn() async throws {
        final class Progress: Sendable {
            let syncs = Mutex(0)
            let begun = Mutex(0)
            /// A turnstile: who passes lets the next one pass.
            let isOpen = DispatchSemaphore(value: 0)
        }
        let progress = Progress()
        let disk = JournalDisk { _ in
            progress.isOpen.wait()
            progress.isOpen.signal()
            progress.syncs.withLock { $0 += 1 }
            return 0
        }
        let journal = try AttemptJournal(folder: folder.path, disk: disk, boot: "b")
        await withTaskGroup(of: Void.self) { group in
            for task in 1...200 as ClosedRange<Int64> {
                group.addTask {
                    #expect((try? await journal.begin(taken(task, isDurable: true))) == true)
                    progress.begun.withLock { $0 += 1 }
                }
            }
            group.addTask {
                _ = try? await eventually { journal.known.count == 200 }
                #expect(progress.begun.withLock { $0 } == 0, "before anything is on the disk nobody goes on")
                progress.isOpen.signal()
            }
        }
        #expect(progress.begun.withLock { $0 } == 200)
        let syncs = progress.syncs.withLock { $0 }
        #expect(syncs <= 100, "\(syncs) syncs for 200 writers")
    }

    @Test func anAttemptThatCannotBeSyncedDoesNotStart() async throws {
        let fails = Mutex(true)
        let disk = JournalDisk { _ in fails.withLock { $0 } ? EIO : 0 }
        let journal = try AttemptJournal(folder: folder.path, disk: disk, boot: "b")
        #expect(try await journal.begin(taken(1)))
        let error = await #expect(throws: ElvesError.self) { _ = try await journal.begin(taken(2, isDurable: true)) }
        #expect(error?.code == .agentJournal && journal.standing(2) == .never)
        #expect(try await eventually { !journal.isRewriting })
        #expect(journal.standing(1) == .open)
        fails.withLock { $0 = false }
        #expect(try await journal.begin(taken(2, isDurable: true)))
        let next = try AttemptJournal(folder: folder.path, boot: "b")
        #expect(next.open.map(\.key.taskId) == [1, 2] && !next.wasCut)
    }
}
