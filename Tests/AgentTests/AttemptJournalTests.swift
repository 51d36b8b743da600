import ElvesCore
import Runner
import Testing

@testable import Agent

@Suite struct AttemptJournalTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func start(_ task: Int64) -> AttemptJournal.Start {
        AttemptJournal.Start(
            key: AttemptKey(taskId: task), app: "a\"b", function: "f", version: "1", workerProtocol: 2, at: 5)
    }

    @Test func remembersWhatRanWhenItDied() throws {
        let journal = try AttemptJournal(folder: folder.path)
        #expect(try journal.begin(start(1)) && journal.begin(start(2)))
        journal.end(AttemptKey(taskId: 1), state: "succeeded")
        let next = try AttemptJournal(folder: folder.path)
        #expect(next.open == [start(2)])
        #expect(try !next.begin(start(1)) && !next.begin(start(2)) && next.begin(start(3)))
        #expect(try Set(AttemptJournal(folder: folder.path).open) == [start(2), start(3)])
    }

    @Test func aLineThatACrashCutIsNothing() throws {
        let journal = try AttemptJournal(folder: folder.path)
        #expect(try journal.begin(start(1)))
        let text = folder.text("attempts.jsonl") ?? ""
        try folder.write("attempts.jsonl", text + #"{"start":2,"att"#)
        #expect(try AttemptJournal(folder: folder.path).open == [start(1)])
    }

    @Test func theFileStaysSmall() throws {
        let journal = try AttemptJournal(folder: folder.path)
        #expect(try journal.begin(start(1)))
        for task in 2..<30_000 as Range<Int64> {
            _ = try journal.begin(start(task))
            journal.end(AttemptKey(taskId: task), state: "succeeded")
        }
        #expect((Disk.size(folder.path + "/attempts.jsonl") ?? .max) < 4 << 20)
        let next = try AttemptJournal(folder: folder.path)
        #expect(try !next.begin(start(29_999)))
        #expect(next.open == [start(1)])
    }
}
