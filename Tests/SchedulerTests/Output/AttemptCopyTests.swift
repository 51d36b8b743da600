import ElvesCore
import Testing

@testable import Scheduler

@Suite struct AttemptCopyTests {
    private static let agent = ElvesID.test(7)
    private let empty = AttemptCopy(key: .test(1), agent: agent)

    private func taking(_ copy: AttemptCopy, _ piece: OutputPiece, quota: Int64 = 1_000) -> AttemptCopy {
        copy.taking(piece, quota: quota).copy
    }

    @Test func aPieceThatComesTwiceAddsNothing() {
        let piece = OutputPiece(offset: 0, bytes: [1, 2, 3])
        let once = taking(empty, piece)
        #expect(once.end == 3 && once.kept.stdout == 3)
        let again = once.taking(piece, quota: 1_000)
        #expect(again.header == nil && again.copy == once)
    }

    @Test func aGapAddsNothing() {
        let step = empty.taking(OutputPiece(offset: 5, bytes: [1], isLast: true), quota: 1_000)
        #expect(step.header == nil && step.copy == empty)
    }

    @Test func onlyTheNewPartOfAPieceIsTaken() {
        let copy = taking(empty, OutputPiece(offset: 0, bytes: [1, 2, 3]))
        let step = copy.taking(OutputPiece(offset: 1, stream: .stderr, bytes: [2, 3, 4, 5]), quota: 1_000)
        #expect(step.known == 2 && step.header?.length == 2 && step.header?.offset == 3)
        #expect(step.copy.end == 5 && step.copy.kept == StreamCounts(stdout: 3, stderr: 2))
    }

    @Test func aFullQuotaClosesTheCopyAndTakesTheEnd() {
        let copy = taking(empty, OutputPiece(offset: 0, bytes: [1, 2, 3]), quota: 4)
        let full = taking(copy, OutputPiece(offset: 3, bytes: [4, 5]), quota: 4)
        #expect(full.isClosed && full.end == 3)
        // The agent may name the place that it had come to, or the one that is wanted.
        for offset: Int64 in [3, 5, 90] {
            let ended = taking(full, OutputPiece(offset: offset, stream: .stderr, dropped: 9, isLast: true), quota: 4)
            #expect(ended.isComplete && ended.pending == StreamCounts(stdout: 0, stderr: 9))
        }
        let withBytes = taking(copy, OutputPiece(offset: 3, bytes: [4, 5], isLast: true), quota: 4)
        #expect(withBytes.isComplete && withBytes.pending.stdout == 2 && withBytes.end == 3)
    }

    @Test func countsOfMissingBytesAreTakenOnce() {
        var copy = taking(empty, OutputPiece(offset: 0, bytes: [1]))
        for _ in 0..<3 { copy = taking(copy, OutputPiece(offset: 1, stream: .stderr, dropped: 40)) }
        copy = taking(copy, OutputPiece(offset: 1, dropped: 8, isLast: true))
        copy = taking(copy, OutputPiece(offset: 1, dropped: 8, isLast: true))
        #expect(copy.isComplete && copy.pending == StreamCounts(stdout: 8, stderr: 40))
        // A count that the end overtook.
        let other = taking(taking(empty, OutputPiece(offset: 0, isLast: true)), OutputPiece(offset: 0, dropped: 5))
        #expect(other.isComplete && other.pending.stdout == 5)
    }

    @Test func whatIsMissingBetweenBytesIsCounted() {
        var copy = taking(empty, OutputPiece(offset: 0, bytes: [1]))
        copy = taking(copy, OutputPiece(offset: 1, dropped: 40))
        let step = copy.taking(OutputPiece(offset: 1, bytes: [2]), quota: 1_000)
        #expect(step.header?.dropped == 40)
        #expect(step.copy.dropped.stdout == 40 && step.copy.pending.stdout == 0)
    }

    @Test func aPieceLeavesTheCopyThatItsHeaderTells() throws {
        var copy = empty
        for piece in [
            OutputPiece(offset: 0, bytes: [1, 2]), OutputPiece(offset: 2, stream: .stderr, bytes: [3], dropped: 4),
            OutputPiece(offset: 3, dropped: 6), OutputPiece(offset: 3, stream: .stderr, isLast: true),
        ] {
            let step = copy.taking(piece, quota: 1_000)
            #expect(AttemptCopy(after: try #require(step.header)) == step.copy)
            copy = step.copy
        }
        #expect(copy.isComplete)
    }

    /// Whatever comes, and in whatever order, what is kept is what was written, without a hole.
    @Test(arguments: 1...200) func agreesWithAModel(seed: UInt64) throws {
        var random = SeededRandom(seed)
        let output = WorkerOutput(frames: Int.random(in: 1...12, using: &random), longest: 30, using: &random)
        let whole = output.frames.flatMap(\.bytes)
        let quota = Int64.random(in: 1...300, using: &random)
        var copy = empty
        var kept: [UInt8] = []
        for _ in 0..<200 {
            let offset = Int64.random(in: 0...output.total, using: &random)
            guard var piece = output.piece(at: offset, limit: Int.random(in: 1...40, using: &random)) else { continue }
            piece.isLast = piece.end == output.total && Bool.random(using: &random)
            let isNew = !copy.isComplete && !copy.isClosed && piece.offset <= copy.end && piece.end > copy.end
            let step = copy.taking(piece, quota: quota)
            if let header = step.header, header.length > 0 {
                #expect(isNew && piece.end <= quota && header.offset == copy.end, "seed \(seed)")
                kept += piece.bytes.suffix(header.length)
            } else if isNew {
                #expect(piece.end > quota, "seed \(seed)")
            }
            copy = step.copy
            #expect(copy.end == Int64(kept.count) && kept == Array(whole.prefix(kept.count)), "seed \(seed)")
            #expect(copy.kept.total == copy.end && copy.end <= quota, "seed \(seed)")
        }
    }
}
