import ElvesContracts
import ElvesCore
import Glibc
import Runner
import Testing

@testable import Agent

@Suite struct AttemptJournalTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func open(_ limits: AttemptJournal.Limits = .init(), boot: String = "b1") throws -> AttemptJournal {
        try AttemptJournal(folder: folder.path, limits: limits, boot: boot)
    }

    @Test func checksumsAreThoseOfTheStandard() {
        #expect(CRC32C.of(Array("123456789".utf8)) == 0xE306_9283)
        #expect(CRC32C.of([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(CRC32C.of([]) == 0)
    }

    @Test func remembersWhatRanWhenItDied() async throws {
        let journal = try open()
        #expect(try await journal.begin(taken(1, app: "a\"b")))
        #expect(try await journal.begin(taken(2, app: "a\"b", isDurable: true)))
        journal.end(AttemptKey(taskId: 1), answered(1), at: 11)
        let next = try open()
        #expect(next.open == [taken(2, app: "a\"b", isDurable: true)] && next.problems.isEmpty && !next.wasCut)
        #expect(!next.isOfEarlierBoot)
        #expect([1, 2, 3].map(next.standing) == [.kept, .open, .never])
        #expect(try await !next.begin(taken(1)))
        #expect(try await !next.begin(taken(2)))
        #expect(try await next.begin(taken(3)))
        #expect(try open().open.map(\.key.taskId) == [2, 3])
        #expect(segments(folder).count == 1)
    }

    @Test func aResultIsKeptWholeUntilItIsRecorded() async throws {
        let journal = try open()
        try await journal.run(7, text: #"{"a":"ü"}"#)
        var wanted = answered(7, text: #"{"a":"ü"}"#)
        wanted.app = "app"
        wanted.func = "f"
        wanted.takenAt = 70
        #expect(await journal.result(of: AttemptKey(taskId: 7)) == wanted)
        let next = try open()
        #expect(await next.result(of: AttemptKey(taskId: 7)) == wanted)
        #expect(next.due(all: false, patience: .seconds(20)) == [AttemptKey(taskId: 7)], "nobody has heard it")
        next.record([7, 8])
        #expect(await next.result(of: AttemptKey(taskId: 7)) == nil)
        #expect(next.standing(7) == .recorded && next.standing(8) == .never && next.keptCount.results == 0)
        next.close()
        let last = try open()
        #expect(last.standing(7) == .recorded)
        #expect(try await !last.begin(taken(7)))
    }

    @Test func anAttemptThatRunsIsNotDroppedByAWordOnIt() async throws {
        let journal = try open()
        #expect(try await journal.begin(taken(1)))
        journal.record([1])
        #expect(journal.standing(1) == .open)
        journal.end(AttemptKey(taskId: 1), answered(1), at: 2)
        #expect(journal.standing(1) == .kept)
    }

    @Test func pastItsLimitItTakesNothingUntilResultsAreRecorded() async throws {
        var limits = AttemptJournal.Limits()
        limits.kept = 10_000
        let journal = try open(limits)
        #expect(try await journal.begin(taken(100)))
        for task in 1...10 as ClosedRange<Int64> { try await journal.run(task) }
        let error = await #expect(throws: ElvesError.self) { _ = try await journal.begin(taken(11)) }
        #expect(error?.code == .agentJournalFull)
        #expect(journal.standing(11) == .never)
        // What runs still ends, and its result is kept.
        journal.end(AttemptKey(taskId: 100), answered(100), at: 3)
        #expect(journal.standing(100) == .kept && journal.keptCount.results == 11)
        journal.record(1...5)
        #expect(try await journal.begin(taken(11)))
    }

    @Test func theOldestRecordedAttemptsAreForgottenAndOlderOnesCannotBeTold() async throws {
        var limits = AttemptJournal.Limits()
        limits.remembered = 100
        let journal = try open(limits)
        #expect(try await journal.begin(taken(3)))
        try await journal.run(5)
        for task in 10..<1000 as Range<Int64> {
            try await journal.run(task)
            journal.record([task])
        }
        #expect(try await eventually { !journal.isRewriting })
        journal.close()
        let next = try open(limits)
        #expect(next.known.values.filter { $0 == .recorded }.count == 100)
        #expect(next.standing(3) == .open && next.standing(5) == .kept)
        #expect(next.standing(999) == .recorded && next.standing(900) == .recorded)
        #expect(next.standing(20) == .forgotten && next.standing(4) == .forgotten && next.standing(1000) == .never)
        #expect(try open(limits).standing(20) == .forgotten)
    }

    @Test func theMachinesRestartIsNoticed() async throws {
        #expect(try await open().begin(taken(1)))
        let next = try open(boot: "b2")
        #expect(next.isOfEarlierBoot && next.open == [taken(1)])
        #expect(try !open(boot: "b2").isOfEarlierBoot)
    }

    @Test func theFormerJournalIsReadOnce() throws {
        try folder.write(
            "attempts.jsonl",
            """
            {"end":5,"attempt":1,"state":""}
            {"start":6,"attempt":2,"app":"a","function":"f","version":"1","protocol":2,"at":9}
            {"start":7,"attempt":1,"app":"a","function":"f","version":"1","protocol":2,"at":9}
            {"end":7,"attempt":1,"state":"FAILED"}
            {"start":8,"att
            """)
        let journal = try open()
        #expect(journal.open.map(\.key) == [AttemptKey(taskId: 6, attempt: 2)] && journal.open.first?.app == "a")
        #expect(journal.standing(5) == .recorded && journal.standing(7) == .recorded && journal.standing(8) == .never)
        #expect(folder.text("attempts.jsonl") == nil)
        #expect(try open().known == journal.known)
    }

    @Test func aNewerAgentsJournalIsLeftAlone() throws {
        _ = try JournalSnapshot.begin(folder.path + "/00000001.journal", boot: "b", lowWater: 0)
        var bytes = try Disk.read(folder.path + "/00000001.journal")
        // The format is the record's second byte, zigzag.
        bytes[JournalFrame.headBytes + 1] = 4
        let checksum = CRC32C.of(Array(bytes[JournalFrame.headBytes...]))
        withUnsafeBytes(of: checksum.bigEndian) { bytes.replaceSubrange(4..<8, with: $0) }
        try Disk.replace(folder.path + "/00000001.journal", with: bytes)
        let error = #expect(throws: ElvesError.self) { try open() }
        #expect(error?.code == .agentJournal && error?.message.contains("newer agent") == true)
        #expect(try Disk.read(folder.path + "/00000001.journal") == bytes)
    }

    @Test func afterItsEndNothingIsWritten() async throws {
        let journal = try open()
        #expect(try await journal.begin(taken(1)))
        journal.close()
        journal.end(AttemptKey(taskId: 1), answered(1), at: 2)
        let error = await #expect(throws: ElvesError.self) { _ = try await journal.begin(taken(2)) }
        #expect(error?.code == .agentStopping)
        #expect(try open().open == [taken(1)])
    }

    @Test func itCanBeReadWhileItIsWritten() async throws {
        let journal = try open()
        try await journal.run(0x1f)
        #expect(try await journal.begin(taken(0x20, isDurable: true)))
        try await journal.run(0x1e)
        journal.record([0x1e])
        journal.flush()
        let text = try JournalText(folder: folder.path)
        #expect(
            text.json == """
                {"task":"000000000000001e","attempt":1,"standing":"recorded","state":"succeeded","started":true,\
                "recorded":true,"durable":false,"taken_at":300}
                {"task":"000000000000001f","attempt":1,"standing":"kept","state":"succeeded","started":true,\
                "recorded":false,"durable":false,"taken_at":310,"ended_at":311}
                {"task":"0000000000000020","attempt":1,"standing":"open","state":"","started":true,\
                "recorded":false,"durable":true,"taken_at":320}

                """)
        #expect(text.text.contains("000000000000001f.1  kept  succeeded  ended 1970-01-01T00:00:00.311Z"))
        let error = #expect(throws: ElvesError.self) { try JournalText(folder: folder.path + "/none") }
        #expect(error?.message.contains("no journal") == true)
    }
}
