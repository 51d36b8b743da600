import ElvesContracts
import Runner
import Testing

@testable import Agent

@Suite struct UTF8EdgeTests {
    private static let text = "aé€😀ß\u{7FF}\u{800}\u{FFFF}\u{10FFFF}z"

    @Test func everyCutOfATextIsHealed() {
        let bytes = Array(Self.text.utf8)
        for cut in 0...bytes.count {
            let head = bytes[..<cut].dropLast(UTF8Edge.incompleteTail(bytes[..<cut]))
            let tail = bytes[cut...].dropFirst(UTF8Edge.orphanedHead(bytes[cut...]))
            #expect(String(validating: head, as: UTF8.self) != nil && cut - head.count <= 3)
            #expect(String(validating: tail, as: UTF8.self) != nil && bytes.count - cut - tail.count <= 3)
        }
    }

    @Test(
        arguments: [
            ([], 0), ([0x61], 0), ([0xC3], 1), ([0xE2, 0x82], 2), ([0xF0, 0x9F, 0x98], 3), ([0x80, 0x80, 0x80], 0),
            ([0xF0, 0x9F, 0x98, 0x80], 0), ([0xFF], 0), ([0xC0], 0), ([0xF5, 0x80], 0), ([0xC3, 0x41], 0),
        ] as [([UInt8], Int)]) func onlyWhatMayBeCompletedIsHeld(bytes: [UInt8], held: Int)
    {
        #expect(UTF8Edge.incompleteTail(bytes) == held)
    }
}

@Suite struct OutputTextTests {
    /// What a host with that limit keeps.
    private func captured(_ bytes: [UInt8], limit: Int) -> CapturedBytes {
        var kept = KeptOutput(limit: limit)
        bytes.withUnsafeBytes { kept.append($0) }
        return kept.captured
    }

    @Test func noCutOfOursTearsACharacter() {
        let text = String(repeating: "aé€😀", count: 40)
        let bytes = Array(text.utf8)
        for kept in stride(from: 1, through: 500, by: 7) {
            for limit in stride(from: 1, through: 500, by: 11) {
                let shown = OutputText(captured(bytes, limit: kept), limit: limit)
                #expect(!shown.head.contains("\u{FFFD}") && !shown.tail.contains("\u{FFFD}"))
                #expect(text.hasPrefix(shown.head) && text.hasSuffix(shown.tail))
                #expect(shown.head.utf8.count + shown.tail.utf8.count + Int(shown.dropped) == bytes.count)
            }
        }
    }

    @Test func whatTheWorkerBrokeIsShownBroken() {
        let shown = OutputText(CapturedBytes(head: [0x61, 0xC3]))
        #expect(shown.head == "a\u{FFFD}" && shown.dropped == 0)
    }
}
