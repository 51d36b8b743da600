import ElvesCore
import Foundation
import TestSupport
import Testing

@testable import Scheduler

@Suite struct OutputStoreTests {
    private let scratch: Scratch
    private let agent = ElvesID.test(7)

    init() throws { scratch = try Scratch() }

    @Test func whatIsSentIsRead() async throws {
        var random = SeededRandom(1)
        let store = try OutputStore.test(scratch) { $0.segmentBytes = 2_000 }
        let outputs = (1...20).map { _ in WorkerOutput(frames: 10, longest: 200, using: &random) }
        for (number, output) in outputs.enumerated() {
            try await output.send(.test(Int64(number + 1)), from: agent, to: store)
        }
        #expect(try scratch.names().count > 5)
        for (number, output) in outputs.enumerated() {
            let key = AttemptName.test(Int64(number + 1))
            #expect(try await store.everything(key, limit: 100) == output.runs)
            #expect(try await store.copy(of: key)?.isComplete == true)
        }
        #expect(try await store.copy(of: .test(99)) == nil)
        #expect(try await store.everything(.test(99)).isEmpty)
    }

    /// Pieces get lost, come twice and out of order, and the store is opened anew, while memory holds few attempts.
    @Test(arguments: Seeds.few) func keepsWhatWasWrittenWhateverTheWay(seed: UInt64) async throws {
        var random = SeededRandom(seed)
        func open() throws -> OutputStore {
            try .test(scratch) {
                $0.segmentBytes = 3_000
                $0.segmentPieces = 20
                $0.attemptsInMemory = 3
            }
        }
        var store = try open()
        let outputs = (1...6).map { _ in WorkerOutput(frames: 8, longest: 300, using: &random) }
        var wanted = [Int64](repeating: 0, count: outputs.count)
        var open_ = Set(outputs.indices)
        while !open_.isEmpty {
            if Int.random(in: 0..<40, using: &random) == 0 { store = try open() }
            guard let number = open_.sorted().randomElement(using: &random) else { break }
            let key = AttemptName.test(Int64(number + 1))
            // Mostly what is wanted, now and then anything.
            let isOdd = Int.random(in: 0..<3, using: &random) == 0
            let offset = isOdd ? Int64.random(in: 0...outputs[number].total, using: &random) : wanted[number]
            guard let piece = outputs[number].piece(at: offset, limit: Int.random(in: 1...400, using: &random)) else {
                if offset < wanted[number] { continue }
                let end = OutputPiece(offset: offset, stream: .stderr, dropped: Int64(number), isLast: true)
                let grant = try await store.take(end, of: key, from: agent)
                if grant.wanted >= end.offset, wanted[number] == offset { open_.remove(number) }
                wanted[number] = max(wanted[number], min(grant.wanted, outputs[number].total))
                continue
            }
            let grant = try await store.take(piece, of: key, from: agent)
            #expect(grant.wanted >= wanted[number], "seed \(seed)")
            #expect(grant.credit > 0 || grant.wanted >= outputs[number].total, "seed \(seed)")
            wanted[number] = grant.wanted
        }
        for store in [store, try open()] {
            for (number, output) in outputs.enumerated() {
                let key = AttemptName.test(Int64(number + 1))
                #expect(try await store.everything(key, limit: 77) == output.runs, "seed \(seed)")
                let copy = try #require(try await store.copy(of: key))
                #expect(copy.isComplete && copy.pending.stderr == Int64(number), "seed \(seed)")
            }
        }
    }

    @Test func aThousandTasksSendAtOnce() async throws {
        let store = try OutputStore.test(scratch) { $0.segmentBytes = 100_000 }
        let text = { @Sendable (number: Int64) in WorkerOutput(String(repeating: "line of \(number)\n", count: 40)) }
        try await withThrowingTaskGroup { [agent] group in
            for number in Int64(1)...1_000 {
                group.addTask { try await text(number).send(.test(number), from: agent, to: store, limit: 100) }
            }
            try await group.waitForAll()
        }
        for number in Int64(1)...1_000 {
            #expect(try await store.everything(.test(number)) == text(number).runs)
        }
        #expect(store.figures["output_waiting_bytes"] == 0)
        #expect(store.figures["output_taken_bytes"] == (1...1_000).reduce(0) { $0 + text(Int64($1)).total })
    }

    @Test func aQuotaHoldsForEachAttempt() async throws {
        let store = try OutputStore.test(scratch) {
            $0.attemptBytes = 100
            $0.leastCredit = 10
        }
        var grant = try await store.take(
            OutputPiece(offset: 0, bytes: .init(repeating: 1, count: 60)), of: .test(1), from: agent)
        #expect(grant == OutputGrant(wanted: 60, credit: 40))
        grant = try await store.take(
            OutputPiece(offset: 60, bytes: .init(repeating: 1, count: 50)), of: .test(1), from: agent)
        #expect(grant == OutputGrant(wanted: 60, credit: 0))
        #expect(store.figures["output_refused_bytes"] == 50)
        grant = try await store.take(OutputPiece(offset: 60, dropped: 4_000, isLast: true), of: .test(1), from: agent)
        #expect(grant == OutputGrant(wanted: 60, credit: 0))
        #expect(try await store.copy(of: .test(1))?.pending.stdout == 4_000)
        // Another attempt has its own.
        grant = try await store.take(OutputPiece(offset: 0, bytes: [1]), of: .test(1, attempt: 2), from: agent)
        #expect(grant == OutputGrant(wanted: 1, credit: 99))
    }

    @Test func manySendersGetLessCreditEach() async throws {
        let store = try OutputStore.test(scratch) {
            $0.waitingBytes = 1 << 20
            $0.credit = 256 << 10
        }
        let first = try await store.take(OutputPiece(offset: 0, bytes: [1]), of: .test(1), from: agent)
        #expect(first.credit == 256 << 10)
        for number in Int64(2)...100 {
            _ = try await store.take(OutputPiece(offset: 0), of: .test(number), from: agent)
        }
        let later = try await store.take(OutputPiece(offset: 1, bytes: [1]), of: .test(1), from: agent)
        #expect(later.credit > 0 && later.credit <= (1 << 20) / 100)
    }

    @Test func moreThanMayWaitIsSentAgainLater() async throws {
        let store = try OutputStore.test(scratch) { $0.waitingBytes = 200 }
        let gate = DispatchSemaphore(value: 0)
        store.writing.start { gate.wait() }
        async let first = store.take(
            OutputPiece(offset: 0, bytes: .init(repeating: 1, count: 90)), of: .test(1), from: agent)
        try await eventually("a piece waits") { store.figures["output_waiting_bytes"] ?? 0 > 90 }
        let piece = OutputPiece(offset: 0, bytes: .init(repeating: 2, count: 20))
        let error = await #expect(throws: ElvesError.self) { try await store.take(piece, of: .test(2), from: agent) }
        #expect(error?.code == .elvesOverloaded && error?.isRetryable == true)
        gate.signal()
        #expect(try await first.wanted == 90)
        #expect(try await store.take(piece, of: .test(2), from: agent).wanted == 20)
    }

    @Test func anotherAgentsPieceIsRefused() async throws {
        let store = try OutputStore.test(scratch)
        _ = try await store.take(OutputPiece(offset: 0, bytes: [1]), of: .test(1), from: agent)
        for store in [store, try OutputStore.test(scratch)] {
            let error = await #expect(throws: ElvesError.self) {
                try await store.take(OutputPiece(offset: 1, bytes: [2]), of: .test(1), from: .test(8))
            }
            #expect(error?.code == .schedulerAttemptUnknown)
        }
        #expect(try await store.copy(of: .test(1))?.end == 1)
    }

    @Test(arguments: [
        (AttemptName.test(1, attempt: 0), OutputPiece(offset: 0)), (.test(1, attempt: -1), OutputPiece(offset: 0)),
        (.test(1), OutputPiece(offset: -1)), (.test(1), OutputPiece(offset: .max, bytes: [1])),
        (.test(1), OutputPiece(offset: 0, dropped: -1)),
        (.test(1), OutputPiece(offset: 0, bytes: .init(repeating: 0, count: 65_537))),
    ])
    func whatCannotBeAPieceIsRefused(_ key: AttemptName, _ piece: OutputPiece) async throws {
        let store = try OutputStore.test(scratch)
        let error = await #expect(throws: ElvesError.self) { try await store.take(piece, of: key, from: agent) }
        #expect(error?.code == .schedulerRequestInvalid)
    }

    // MARK: Retention

    @Test func theOldestSegmentsGoWhenThereIsTooMuch() async throws {
        let store = try OutputStore.test(scratch) {
            $0.bytes = 20_000
            $0.segmentBytes = 2_000
        }
        let long = WorkerOutput(String(repeating: "x", count: 3_000))
        _ = try await store.take(try #require(long.piece(at: 0, limit: 500)), of: .test(1), from: agent)
        for number in Int64(2)...60 {
            try await WorkerOutput(String(repeating: "y", count: 600)).send(.test(number), from: agent, to: store)
        }
        #expect(try #require(store.figures["output_bytes"]) <= 20_000)
        #expect(try await store.everything(.test(2)).isEmpty)
        #expect(try await store.everything(.test(60)) == WorkerOutput(String(repeating: "y", count: 600)).runs)
        // An attempt that goes on loses its first pieces, and says how much.
        #expect(
            try await store.take(try #require(long.piece(at: 500, limit: 500)), of: .test(1), from: agent).wanted
                == 1_000)
        let runs = try await store.everything(.test(1))
        #expect(
            runs == [OutputRun(stream: .stdout, bytes: .init(repeating: UInt8(ascii: "x"), count: 500), dropped: 500)])
    }

    /// Of mixed output that is gone each stream tells its own part, and who reads one alone hears of it.
    @Test func whatIsGoneIsToldByStream() async throws {
        func open() throws -> OutputStore {
            try .test(scratch) {
                $0.bytes = 20_000
                $0.segmentBytes = 2_000
            }
        }
        var store = try open()
        func send(_ stream: WorkerStream, _ count: Int, at offset: Int64, dropped: Int64 = 0) async throws {
            let piece = OutputPiece(
                offset: offset, stream: stream, bytes: .init(repeating: stream.rawValue, count: count),
                dropped: dropped)
            #expect(try await store.take(piece, of: .test(1), from: agent).wanted == offset + Int64(count))
        }
        try await send(.stdout, 300, at: 0)
        try await send(.stderr, 200, at: 300, dropped: 7)
        for number in Int64(2)...60 {
            try await WorkerOutput(String(repeating: "y", count: 600)).send(.test(number), from: agent, to: store)
        }
        #expect(try await store.everything(.test(1)).isEmpty)
        try await send(.stderr, 5, at: 500, dropped: 30)
        try await send(.stdout, 4, at: 505)
        let rest = [
            OutputRun(stream: .stderr, bytes: [2, 2, 2, 2, 2], dropped: 237),
            OutputRun(stream: .stdout, bytes: [1, 1, 1, 1]),
        ]
        for _ in 0..<2 {
            #expect(
                try await store.everything(.test(1)) == [OutputRun(stream: .stdout, dropped: 300)] + rest)
            // Nobody knows any more of which stream the first 100 were.
            let late = try await store.read(.test(1), from: 100, limit: 1_000)
            #expect(late.runs.map(\.dropped) == [200, 230, 0] && late.end == 509)
            store = try open()
        }
    }

    @Test func oldSegmentsGo() async throws {
        let time = TestTime()
        let store = try OutputStore.test(scratch, time: time.keeper) {
            $0.keepMs = 10_000
            $0.segmentMs = 1_000
        }
        try await WorkerOutput("old").send(.test(1), from: agent, to: store)
        time.advance(ms: 2_000)
        await store.maintain()
        time.advance(ms: 9_000)
        try await WorkerOutput("new").send(.test(2), from: agent, to: store)
        await store.maintain()
        #expect(try await store.everything(.test(1)) == WorkerOutput("old").runs)
        time.advance(ms: 2_000)
        await store.maintain()
        #expect(try await store.everything(.test(1)).isEmpty)
        #expect(try await store.everything(.test(2)) == WorkerOutput("new").runs)
        #expect(try scratch.names().count == 1)
    }
}
