import ElvesCore
import Foundation
import TestSupport
import Testing

@testable import Scheduler

/// Segments as a kill in mid-write, a power loss or a bad disk leave them.
@Suite struct OutputDamageTests {
    private let scratch: Scratch
    private let time = TestTime()
    private let agent = ElvesID.test(7)

    init() throws { scratch = try Scratch() }

    private func open() throws -> OutputStore {
        try .test(scratch, time: time.keeper) { $0.segmentMs = 1_000 }
    }

    private func piece(_ number: UInt8, at offset: Int64) -> OutputPiece {
        OutputPiece(offset: offset, bytes: .init(repeating: number, count: 10))
    }

    /// Three pieces of ten bytes each; the segment's name.
    private func threePieces(close: Bool = false) async throws -> String {
        let store = try open()
        for number in UInt8(0)..<3 {
            _ = try await store.take(piece(number, at: Int64(number) * 10), of: .test(1), from: agent)
        }
        if close {
            time.advance(ms: 2_000)
            await store.maintain()
        }
        return try #require(try scratch.names().first)
    }

    /// Wherever the write was cut, what was whole is there, and the agent goes on behind it.
    @Test func aTornTailIsCutAtTheLastWholePiece() async throws {
        let name = try await threePieces()
        let whole = try scratch.bytes(name)
        let step = PieceHeader.size + 10
        for cut in stride(from: whole.count - 1, through: Int(SegmentFile.headerSize), by: -7) {
            try scratch.write(Array(whole.prefix(cut)), to: name)
            let pieces = (cut - Int(SegmentFile.headerSize)) / step
            let store = try open()
            let asked = try await store.take(OutputPiece(offset: 0), of: .test(1), from: agent)
            #expect(asked.wanted == Int64(pieces * 10), "cut at \(cut)")
            for number in pieces..<3 {
                _ = try await store.take(piece(UInt8(number), at: Int64(number) * 10), of: .test(1), from: agent)
            }
            for store in [store, try open()] {
                let bytes = try await store.everything(.test(1)).flatMap(\.bytes)
                #expect(bytes == (UInt8(0)..<3).flatMap { [UInt8](repeating: $0, count: 10) }, "cut at \(cut)")
            }
        }
    }

    @Test(arguments: [0, 1, 23])
    func aSegmentWithoutAHeaderIsDropped(_ length: Int) async throws {
        let name = try await threePieces()
        try scratch.write(Array(try scratch.bytes(name).prefix(length)), to: name)
        let store = try open()
        #expect(try scratch.names().isEmpty)
        #expect(try await store.take(OutputPiece(offset: 0), of: .test(1), from: agent).wanted == 0)
        try await WorkerOutput("again").send(.test(1), from: agent, to: store)
        #expect(try await store.everything(.test(1)) == WorkerOutput("again").runs)
    }

    /// What lies behind a damaged piece is kept; its bytes are counted as missing.
    @Test(arguments: [false, true]) func aDamagedPieceIsLeftOut(_ isClosed: Bool) async throws {
        let name = try await threePieces(close: isClosed)
        var bytes = try scratch.bytes(name)
        bytes[Int(SegmentFile.headerSize) + PieceHeader.size + 10 + PieceHeader.size + 5] ^= 1
        try scratch.write(bytes, to: name)
        let store = try open()
        #expect(
            try await store.everything(.test(1)) == [
                OutputRun(stream: .stdout, bytes: .init(repeating: 0, count: 10)),
                OutputRun(stream: .stdout, bytes: .init(repeating: 2, count: 10), dropped: 10),
            ])
        #expect(
            try await store.everything(.test(1), limit: 10).map(\.dropped) == [0, 10], "also where a page holds no more"
        )
        #expect(try await store.copy(of: .test(1))?.end == 30)
    }

    /// Each stream's own part of what is damaged is counted, wherever a page began.
    @Test(arguments: [0, 1, 2, 3], [10, 20, 1_000])
    func aDamagedPieceIsItsStreams(_ number: Int, limit: Int) async throws {
        let store = try open()
        let streams: [WorkerStream] = [.stdout, .stderr, .stdout, .stderr]
        for (place, stream) in streams.enumerated() {
            var next = piece(UInt8(place), at: Int64(place) * 10)
            next.stream = stream
            _ = try await store.take(next, of: .test(1), from: agent)
        }
        _ = try await store.take(OutputPiece(offset: 40, isLast: true), of: .test(1), from: agent)
        let name = try #require(try scratch.names().first)
        var bytes = try scratch.bytes(name)
        bytes[Int(SegmentFile.headerSize) + number * (PieceHeader.size + 10) + PieceHeader.size + 5] ^= 1
        try scratch.write(bytes, to: name)
        var dropped = StreamCounts()
        var end: Int64 = 0
        while true {
            let reading = try await store.read(.test(1), from: end, limit: limit)
            if reading.runs.isEmpty { break }
            for run in reading.runs { dropped[run.stream] += run.dropped }
            end = reading.end
        }
        let copy = try #require(try await store.copy(of: .test(1)))
        let tail = try await store.tail(of: copy, from: end)
        for stream in WorkerStream.allCases {
            #expect(dropped[stream] + tail[stream] == (stream == streams[number] ? 10 : 0), "\(stream)")
        }
        #expect((tail.total == 10) == (number == 3))
    }

    @Test func aDamagedIndexIsMadeAnew() async throws {
        let name = try await threePieces(close: true)
        var bytes = try scratch.bytes(name)
        let index = Int(SegmentFile.headerSize) + 3 * (PieceHeader.size + 10)
        bytes[index + 2] ^= 0xFF
        try scratch.write(bytes, to: name)
        let store = try open()
        #expect(try await store.everything(.test(1)).flatMap(\.bytes).count == 30)
    }

    @Test func aLostEndOfAClosedSegmentIsMadeAnew() async throws {
        let name = try await threePieces(close: true)
        let next = try open()
        try await WorkerOutput("next").send(.test(2), from: agent, to: next)
        try scratch.write(try scratch.bytes(name).dropLast(3), to: name)
        for _ in 0..<2 {
            let store = try open()
            #expect(try await store.everything(.test(1)).flatMap(\.bytes).count == 30)
            #expect(try await store.everything(.test(2)) == WorkerOutput("next").runs)
        }
    }

    /// A worker may write what looks like a piece: another task's output it does not become.
    @Test func writtenBytesNeverPassForAPiece() async throws {
        let forged = PieceHeader(
            key: .test(99), agent: agent, stream: .stdout, isLast: true, offset: 0, keptBefore: StreamCounts(),
            dropped: 0, droppedInAll: StreamCounts(), pending: StreamCounts(), length: 4)
        var bytes: [UInt8] = []
        forged.append([1, 2, 3, 4], salt: 0, to: &bytes)
        let store = try open()
        try await WorkerOutput([.init(stream: .stdout, bytes: bytes)]).send(
            .test(1), from: agent, to: store, limit: 1 << 16)
        let name = try #require(try scratch.names().first)
        var segment = try scratch.bytes(name)
        // The piece around it is damaged, so that its bytes are searched for the next.
        segment[Int(SegmentFile.headerSize) + 9] ^= 1
        try scratch.write(segment, to: name)
        let reopened = try open()
        #expect(try await reopened.copy(of: .test(99)) == nil)
        #expect(try await reopened.everything(.test(99)).isEmpty)
    }

    @Test func checksumsAreCRC32C() {
        #expect(Array("123456789".utf8).withUnsafeBytes { Checksum.of($0) } == 0xE306_9283)
        var random = SeededRandom(3)
        let bytes = random.bytes(1_000)
        let whole = bytes.withUnsafeBytes { Checksum.of($0) }
        for cut in [0, 1, 7, 8, 500, 999] {
            let first = Array(bytes[..<cut]).withUnsafeBytes { Checksum.of($0) }
            #expect(Array(bytes[cut...]).withUnsafeBytes { Checksum.of($0, after: first) } == whole)
        }
    }
}

@Suite(.enabled(if: SmallDisk.isPermitted, "mounting a small tmpfs needs root"))
struct OutputFullDiskTests {
    private let agent = ElvesID.test(7)

    @Test func aFullDiskStopsCopiesAndNothingElse() async throws {
        let disk = try SmallDisk(mebibytes: 2)
        func open() throws -> OutputStore {
            try OutputStore(folder: disk.path + "/output", logger: .silent)
        }
        let store = try open()
        let kept = WorkerOutput(String(repeating: "kept\n", count: 1_000))
        try await kept.send(.test(1), from: agent, to: store)
        _ = try await store.take(OutputPiece(offset: 0, bytes: [65]), of: .test(2), from: agent)
        try disk.fill()
        // Until the room is used up that the open file still has.
        var offset: Int64 = 1
        var credit: Int64 = 1
        while credit > 0, offset < 1 << 20 {
            let grant = try await store.take(
                OutputPiece(offset: offset, bytes: .init(repeating: 65, count: 5_000)), of: .test(2), from: agent)
            (offset, credit) = (grant.wanted, grant.credit)
        }
        #expect(credit == 0)
        #expect(store.figures["output_failing"] == 1)
        // The end is noted, so that nobody waits for a rest; a new attempt is refused alike.
        let end = OutputPiece(offset: offset, dropped: 77, isLast: true)
        #expect(try await store.take(end, of: .test(2), from: agent) == OutputGrant(wanted: offset, credit: 0))
        #expect(try await store.copy(of: .test(2))?.isComplete == true)
        #expect(
            try await store.take(
                OutputPiece(offset: 0, bytes: .init(repeating: 1, count: 5_000)), of: .test(3), from: agent
            ).credit == 0)
        #expect(try await store.everything(.test(1)) == kept.runs)
        // A start with a full disk serves what is there.
        let reopened = try open()
        #expect(try await reopened.everything(.test(1)) == kept.runs)
        #expect(try await reopened.everything(.test(2)).flatMap(\.bytes).count == Int(offset))

        try disk.empty()
        try await kept.send(.test(4), from: agent, to: store)
        #expect(store.figures["output_failing"] == 0)
        for store in [store, try open()] {
            #expect(try await store.everything(.test(1)) == kept.runs)
            #expect(try await store.everything(.test(4)) == kept.runs)
        }
    }
}
