import Runner
import Testing

@Suite struct KeptOutputTests {
    private func keep(_ bytes: [UInt8], limit: Int, piece: Int) -> CapturedBytes {
        var kept = KeptOutput(limit: limit)
        for start in stride(from: 0, to: bytes.count, by: piece) {
            bytes[start..<min(start + piece, bytes.count)].withUnsafeBytes { kept.append($0) }
        }
        return kept.captured
    }

    @Test(arguments: [1, 3, 7, 64, 1000], [0, 1, 2, 9, 10, 11, 100])
    func keepsHeadAndTailHoweverItIsCut(piece: Int, limit: Int) {
        for count in [0, 1, 5, 9, 10, 11, 12, 99, 100, 101, 257] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
            let captured = keep(bytes, limit: limit, piece: piece)
            if count <= limit {
                #expect(captured == CapturedBytes(head: bytes))
            } else {
                let head = limit - limit / 2
                #expect(captured.head == Array(bytes.prefix(head)))
                #expect(captured.tail == Array(bytes.suffix(limit / 2)))
                #expect(captured.dropped == Int64(count - limit))
            }
        }
    }

    @Test func aResultIsWholeOrNothing() {
        var result = KeptResult(limit: 4)
        [1, 2, 3, 4].withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in
            result.append(UnsafeRawBufferPointer(rebasing: bytes.prefix(4)))
        }
        #expect(result.bytes.count == 4 && !result.isTooLong)
        [UInt8(5)].withUnsafeBytes { result.append($0) }
        #expect(result.bytes.isEmpty && result.isTooLong)
    }
}
