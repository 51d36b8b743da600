import AgentLinks
import ElvesCore
import TestSupport
import Testing

@testable import Scheduler

/// A task's output, from its agent to who reads it.
@Suite struct TaskOutputTests {
    private let scratch: Scratch
    private let time = TestTime()
    private let answers = Answers()
    private let store = InMemorySchedulerStore()

    init() throws { scratch = try Scratch() }

    private func serving() async throws -> (SchedulerService, FakeTaskLink) {
        let output = try OutputStore.test(scratch, time: time.keeper)
        let service = try await SchedulerService.serving(store, time: time.keeper, output: output)
        // The time right after a start, when nobody knows what agents still have.
        time.advance(ms: 31_000)
        let link = FakeTaskLink(7, answers.behaviour)
        _ = try await service.connect(link)
        return (service, link)
    }

    private func outcome(
        _ stdout: KeptOutput = KeptOutput(), stderr: KeptOutput = KeptOutput(), written: StreamCounts = StreamCounts(),
        copied: Int64? = nil
    ) -> TaskOutcome {
        var outcome = TaskOutcome()
        outcome.stdout = stdout
        outcome.stderr = stderr
        outcome.stdoutBytes = written.stdout
        outcome.stderrBytes = written.stderr
        outcome.copiedBytes = copied
        return outcome
    }

    private func end(_ outcome: TaskOutcome) {
        answers.answer(1) {
            .reported(TaskReport(task: $0.task, attempt: $0.number, state: .succeeded, outcome: outcome))
        }
    }

    private func runs(_ text: String, _ stream: WorkerStream = .stdout, dropped: Int64 = 0) -> [OutputRun] {
        [OutputRun(stream: stream, bytes: Array(text.utf8), dropped: dropped)]
    }

    /// Reads page by page to the end.
    private func all(_ service: SchedulerService, _ id: ElvesID, limit: Int = 0) async throws -> [OutputRun] {
        var found: [OutputRun] = []
        var after: Int64 = 0
        while true {
            let page = try await service.output(id, after: after, limit: limit, waitMs: 0)
            for run in page.runs { found.add(run) }
            after = page.nextAfter
            if page.done {
                // Whoever asks again hears the same.
                let again = try await service.output(id, after: after, limit: limit, waitMs: 0)
                #expect(again.done && again.runs.isEmpty && again.nextAfter == after)
                return found
            }
            guard !page.runs.isEmpty else { throw ElvesError(.elvesInternal, "no end and no output") }
        }
    }

    // MARK: What the record holds

    @Test(arguments: [0, 1, 3, 4, 100]) func aShortOutputIsTheRecords(_ limit: Int) async throws {
        let (service, _) = try await serving()
        let task = try await service.execute(.test(7), waitMs: 0)
        end(outcome(KeptOutput(head: "grüße", tail: "end", dropped: 5), stderr: KeptOutput(head: "oops")))
        let found = try await all(service, task.id, limit: limit)
        #expect(found == runs("grüße") + runs("end", dropped: 5) + runs("oops", .stderr))
    }

    @Test func aPageIsCutBetweenCharacters() async throws {
        let (service, _) = try await serving()
        let task = try await service.execute(.test(7), waitMs: 0)
        end(outcome(KeptOutput(head: "aéb")))
        var texts: [String] = []
        var after: Int64 = 0
        for _ in 0..<10 {
            let page = try await service.output(task.id, after: after, limit: 2, waitMs: 0)
            texts += page.runs.map { String(decoding: $0.bytes, as: UTF8.self) }
            after = page.nextAfter
            if page.done { break }
        }
        #expect(texts == ["a", "é", "b"])
    }

    @Test func anEmptyOutputIsDone() async throws {
        let (service, _) = try await serving()
        let task = try await service.execute(.test(7), waitMs: 0)
        let before = try await service.output(task.id, after: 0, limit: 0, waitMs: 0)
        #expect(!before.done && before.runs.isEmpty && before.state == .dispatched && before.attempt == 1)
        end(outcome())
        #expect(try await all(service, task.id).isEmpty)
    }

    @Test func withoutAFolderTheRecordIsTheOutput() async throws {
        let service = try await SchedulerService.serving()
        _ = try await service.connect(FakeTaskLink(7, answers.behaviour))
        let task = try await service.execute(.test(7), waitMs: 0)
        try await service.whileRunning { () async throws in
            async let page = service.output(task.id, after: 0, limit: 0, waitMs: 10_000)
            end(outcome(KeptOutput(head: "hi", tail: "!", dropped: 3)))
            #expect(try await page.runs == runs("hi") + runs("!", dropped: 3))
        }
    }

    // MARK: Copies

    @Test func aFollowerSeesEveryByteAsItComes() async throws {
        let (service, link) = try await serving()
        let task = try await service.execute(.test(7), waitMs: 0)
        var random = SeededRandom(5)
        let output = WorkerOutput(frames: 60, longest: 900, using: &random)
        try await service.whileRunning { () async throws in
            async let found = follow(service, task.id)
            try await eventually("the agent hears of the follower") { link.followed == [task.id] }
            var offset: Int64 = 0
            while let piece = output.piece(at: offset, limit: 300) {
                offset = try await service.takeOutput(
                    piece, of: AttemptName(task: task.id, number: 1), from: link.agent
                )
                .wanted
            }
            end(outcome(KeptOutput(head: "x", tail: "y", dropped: 9), copied: output.total))
            _ = try await service.takeOutput(
                OutputPiece(offset: offset, isLast: true), of: AttemptName(task: task.id, number: 1), from: link.agent)
            #expect(try await found == output.runs)
        }
        #expect(try await all(service, task.id, limit: 500) == output.runs)
    }

    /// Waits for more until the end.
    private func follow(_ service: SchedulerService, _ id: ElvesID) async throws -> [OutputRun] {
        var found: [OutputRun] = []
        var after: Int64 = 0
        while true {
            let page = try await service.output(id, after: after, limit: 0, waitMs: 600_000)
            for run in page.runs { found.add(run) }
            after = page.nextAfter
            if page.done { return found }
        }
    }

    @Test func whatIsMissingAtTheEndIsSaid() async throws {
        let (service, link) = try await serving()
        let task = try await service.execute(.test(7), waitMs: 0)
        let key = AttemptName(task: task.id, number: 1)
        _ = try await service.takeOutput(OutputPiece(offset: 0, bytes: [65, 66]), of: key, from: link.agent)
        _ = try await service.takeOutput(OutputPiece(offset: 2, dropped: 100), of: key, from: link.agent)
        _ = try await service.takeOutput(
            OutputPiece(offset: 2, stream: .stderr, dropped: 7, isLast: true), of: key, from: link.agent)
        end(outcome(KeptOutput(head: "AB"), written: StreamCounts(stdout: 102, stderr: 7), copied: 2))
        #expect(
            try await all(service, task.id) == runs("AB") + runs("", dropped: 100) + runs("", .stderr, dropped: 7))
    }

    @Test func theRestOfACopyIsWaitedForAWhile() async throws {
        let (service, link) = try await serving()
        let task = try await service.execute(.test(7), waitMs: 0)
        let key = AttemptName(task: task.id, number: 1)
        _ = try await service.takeOutput(OutputPiece(offset: 0, bytes: [65, 66]), of: key, from: link.agent)
        end(outcome(KeptOutput(head: "AB"), written: StreamCounts(stdout: 10, stderr: 4), copied: 14))
        let first = try await service.output(task.id, after: 0, limit: 0, waitMs: 0)
        #expect(first.runs == runs("AB") && !first.done)
        time.advance(ms: 29_000)
        service.sweep()
        #expect(try await service.output(task.id, after: first.nextAfter, limit: 0, waitMs: 0).done == false)
        time.advance(ms: 2_000)
        service.sweep()
        let last = try await service.output(task.id, after: first.nextAfter, limit: 0, waitMs: 0)
        #expect(last.done && last.runs == runs("", dropped: 8) + runs("", .stderr, dropped: 4))
    }

    @Test func aFollowerIsWokenWhenTheRestIsOverdue() async throws {
        let (service, _) = try await serving()
        let task = try await service.execute(.test(7), waitMs: 0)
        end(outcome(KeptOutput(head: "A", tail: "Z", dropped: 50), copied: 52))
        async let page = service.output(task.id, after: 0, limit: 0, waitMs: 600_000)
        try await eventually("it waits") { service.output?.followers.count == 1 }
        time.advance(ms: 31_000)
        service.sweep()
        let found = try await page
        #expect(found.done && found.runs == runs("A") + runs("Z", dropped: 50))
        // A copy that comes later does not change what a reader of the record goes on with.
        #expect(try await service.output(task.id, after: found.nextAfter, limit: 0, waitMs: 0).runs.isEmpty)
    }

    @Test func cursorsStayGoodAfterARestart() async throws {
        let (service, link) = try await serving()
        let task = try await service.execute(.test(7), waitMs: 0)
        let key = AttemptName(task: task.id, number: 1)
        _ = try await service.takeOutput(OutputPiece(offset: 0, bytes: [65, 66]), of: key, from: link.agent)
        let page = try await service.output(task.id, after: 0, limit: 0, waitMs: 0)
        _ = try await service.takeOutput(OutputPiece(offset: 2, bytes: [67], isLast: true), of: key, from: link.agent)
        end(outcome(copied: 3))
        try await service.whileRunning { () async throws in
            try await eventually("the record is written") { try await store.execution(task.id)?.state == .succeeded }
        }
        let (next, _) = try await serving()
        let rest = try await next.output(task.id, after: page.nextAfter, limit: 0, waitMs: 0)
        #expect(rest.runs == runs("C") && rest.done)
    }

    @Test func aNewAttemptBeginsAnewAfterTheRestOfTheOld() async throws {
        let (service, link) = try await serving()
        var record = Execution(
            id: .test(5), call: FunctionCall(app: "a", function: "f"), target: TaskTarget(id: link.agent.id),
            state: .failed, createdAt: 1)
        record.attempt = 2
        record.endedAt = 2
        try await store.write([record], batches: [], .synced)
        for attempt in Int32(1)...2 {
            _ = try await service.takeOutput(
                OutputPiece(offset: 0, bytes: [UInt8(attempt), 9], isLast: attempt == 2),
                of: .test(5, attempt: attempt), from: link.agent)
        }
        let whole = try await service.output(.test(5), after: 0, limit: 0, waitMs: 0)
        #expect(whole.attempt == 2 && whole.done && whole.runs.map(\.bytes) == [[2, 9]])
        let early = OutputCursor(attempt: 1, offset: 1).number
        let rest = try await service.output(.test(5), after: early, limit: 0, waitMs: 0)
        #expect(rest.attempt == 1 && !rest.done && rest.runs.map(\.bytes) == [[9]])
        let next = try await service.output(.test(5), after: rest.nextAfter, limit: 0, waitMs: 0)
        #expect(next.attempt == 2 && next.done && next.runs.map(\.bytes) == [[2, 9]])
        let error = await #expect(throws: ElvesError.self) {
            try await service.output(.test(5), after: OutputCursor(attempt: 3).number, limit: 0, waitMs: 0)
        }
        #expect(error?.code == .schedulerRequestInvalid)
    }

    @Test func manyFollowersOfOneTaskAreAllWoken() async throws {
        let (service, link) = try await serving()
        let task = try await service.execute(.test(7), waitMs: 0)
        try await withThrowingTaskGroup { group in
            for _ in 0..<1_000 {
                group.addTask { try await service.output(task.id, after: 0, limit: 0, waitMs: 600_000).runs }
            }
            try await eventually("all wait") { service.output?.followers.count == 1_000 }
            _ = try await service.takeOutput(
                OutputPiece(offset: 0, bytes: [65]), of: AttemptName(task: task.id, number: 1), from: link.agent)
            for try await found in group { #expect(found == runs("A")) }
        }
        #expect(service.output?.followers.count == 0)
        // One word to the agent, not a thousand.
        #expect(link.followed.count == 1)
    }

    @Test func aFollowerThatGoesAwayLeavesNothing() async throws {
        let (service, _) = try await serving()
        let task = try await service.execute(.test(7), waitMs: 0)
        let follower = Task { try await service.output(task.id, after: 0, limit: 0, waitMs: 600_000) }
        try await eventually("it waits") { service.output?.followers.count == 1 }
        follower.cancel()
        _ = try await follower.value
        #expect(service.output?.followers.count == 0)
    }

    // MARK: Who may send

    @Test func onlyTheAgentOfTheTaskMaySend() async throws {
        let (service, link) = try await serving()
        let task = try await service.execute(.test(7), waitMs: 0)
        let stranger = AgentIdentity(id: .test(8), ip: "127.0.0.8")
        let piece = OutputPiece(offset: 0, bytes: [1])
        for (key, agent) in [
            (AttemptName(task: task.id, number: 1), stranger), (AttemptName(task: task.id, number: 2), link.agent),
        ] {
            let error = await #expect(throws: ElvesError.self) {
                try await service.takeOutput(piece, of: key, from: agent)
            }
            #expect(error?.code == .schedulerAttemptUnknown)
        }
        #expect(try scratch.names().isEmpty)
        _ = try await service.takeOutput(piece, of: AttemptName(task: task.id, number: 1), from: link.agent)
    }

    @Test func outputOfAForgottenTaskIsTakenWithinBounds() async throws {
        let output = try OutputStore.test(scratch) { $0.forgottenBytes = 100 }
        let service = try await SchedulerService.serving(store, output: output)
        let agent = AgentIdentity(id: .test(7), ip: "127.0.0.7")
        for number in Int64(1)...10 {
            let piece = OutputPiece(offset: 0, bytes: .init(repeating: 1, count: 10))
            #expect(try await service.takeOutput(piece, of: .test(number), from: agent).wanted == 10)
        }
        let piece = OutputPiece(offset: 10, bytes: [1])
        let error = await #expect(throws: ElvesError.self) {
            try await service.takeOutput(piece, of: .test(1), from: agent)
        }
        #expect(error?.code == .schedulerAttemptUnknown)
        // Its result comes, and makes the record: then all of it is taken.
        try await store.write(
            [
                Execution(
                    id: .test(1), call: FunctionCall(app: "a", function: "f"), target: TaskTarget(id: agent.id),
                    state: .succeeded, createdAt: 1)
            ], batches: [], .synced)
        #expect(try await service.takeOutput(piece, of: .test(1), from: agent).wanted == 11)
        // Nor may one be made up for years to come.
        let future = try #require(ElvesID(createdAtMs: Timekeeper.system.wallMs() + 86_400_000))
        await #expect(throws: ElvesError.self) {
            try await service.takeOutput(
                OutputPiece(offset: 0), of: AttemptName(task: future, number: 1),
                from: AgentIdentity(id: .test(9), ip: "127.0.0.9"))
        }
    }

    @Test func unknownTasksHaveNoOutput() async throws {
        let (service, _) = try await serving()
        let error = await #expect(throws: ElvesError.self) {
            try await service.output(.test(404), after: 0, limit: 0, waitMs: 0)
        }
        #expect(error?.code == .schedulerTaskUnknown)
    }
}
