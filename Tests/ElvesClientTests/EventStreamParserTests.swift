import Testing

@testable import ElvesClient

@Suite struct EventStreamParserTests {
    private static let text =
        "retry: 1000\nid: 3\n\n: a comment\nevent: output\nid: 4\ndata: {\"a\":\ndata: \"ä\"}\n\nid\ndata\n\n"
        + "event: nothing\n\ndata:x\r\n\r\ndata: half"

    @Test(arguments: 1...9) func eventsWhateverThePieces(size: Int) {
        var parser = EventStreamParser()
        let bytes = Array(Self.text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            parser.feed(bytes[start..<min(start + size, bytes.count)])
        }
        #expect(parser.next() == .init(name: "output", data: "{\"a\":\n\"ä\"}"))
        #expect(parser.next() == .init(name: "message", data: ""))
        #expect(parser.next() == .init(name: "message", data: "x"))
        #expect(parser.next() == nil, "the last is not whole")
        #expect(parser.lastID == "", "an id without a value takes it back")
    }

    @Test func aPlaceIsKeptOverACutConnection() {
        var parser = EventStreamParser(after: "7")
        #expect(parser.lastID == "7")
        parser.feed(Array("id: 8\n\nevent: output\ndata: {".utf8))
        parser.reset()
        parser.feed(Array("data: 1\n\n".utf8))
        #expect(parser.next() == .init(name: "message", data: "1") && parser.lastID == "8")
    }
}
