import ElvesCore
import HTTPTypes
import NIOCore
import Testing

@testable import OpenAPI

@Suite struct TraceTests {
    @Test func aNewTraceIsWellFormed() {
        let trace = Trace()
        #expect(trace.header.wholeMatch(of: /00-[0-9a-f]{32}-[0-9a-f]{16}-01/) != nil)
        #expect(Trace(continuing: trace.header).id == trace.id)
        #expect(Trace(continuing: trace.header).header != trace.header)
    }

    @Test func noTwoTracesAreAlike() {
        // More than are drawn at once.
        #expect(Set((0..<1_000).map { _ in Trace().id }).count == 1_000)
        #expect(Set((0..<1_000).map { _ in TraceNumbers.shared.next() }).count == 1_000)
    }

    @Test(arguments: [
        "", "00", "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
    ])
    func aMalformedOneIsReplaced(text: String) {
        let trace = Trace(continuing: text)
        #expect(trace.header.utf8.count == 55 && trace.id != "0af7651916cd43dd8448eb211c80319c")
    }

    @Test func flagsAndLaterVersionsAreKept() {
        let text = "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00-more"
        let trace = Trace(continuing: text)
        #expect(trace.id == "0af7651916cd43dd8448eb211c80319c" && trace.header.hasSuffix("-00"))
    }
}

@Suite struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_767_323_045_678, "2026-01-02T03:04:05.678Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"), (1_735_689_599_999, "2024-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func text(milliseconds: Int64, text: String) {
        #expect(Timestamp.text(milliseconds) == text)
    }
}

@Suite struct JSONBufferTests {
    @Test func escapesAndNesting() throws {
        let text = "q\" b\\ n\n r\r t\t z\u{0} u\u{1F} é 😀"
        var json = JSONBuffer()
        json.object { json in
            json.member("text", text)
            json.key("list")
            json.array([1, 2]) { $0.int($1) }
            json.member("none", orNull: "")
            json.member("yes", true)
            json.key("empty")
            json.object { _ in }
            json.member("broken", json: "{")
            json.member("raw", json: "[ 1 ]")
        }
        let value = try JSONValue(parsing: Array(json.bytes.readableBytesView))
        #expect(
            value == [
                "text": .string(text), "list": [1, 2], "none": nil, "yes": true, "empty": [:], "broken": "{",
                "raw": [1],
            ])
    }
}

@Suite struct FormTextTests {
    @Test func decoding() {
        #expect(FormText.decode("a+b%20c%2B%zz%e4%bd%a0%".utf8) == "a b c+%zz你%")
        #expect(FormText.decodePath("a+b%2Fc") == "a+b/c")
        #expect(FormText.decode("%FF".utf8) == "\u{FFFD}")
    }
}

@Suite struct NonceCacheTests {
    @Test func windows() {
        let cache = NonceCache()
        #expect(cache.use("a", of: "k", at: 0) == .new)
        #expect(cache.use("a", of: "k", at: 360_999) == .repeated)
        #expect(cache.use("a", of: "other", at: 1) == .new)
        #expect(cache.use("b", of: "k", at: 360_999) == .new)
        #expect(cache.use("c", of: "k", at: 361_000) == .new, "a new generation begins")
        #expect(cache.use("b", of: "k", at: 721_998) == .repeated, "the previous one is still remembered")
        #expect(cache.use("a", of: "k", at: 722_001) == .new)
    }

    @Test func isBoundedPerKey() {
        let cache = NonceCache(perKey: 2)
        #expect(cache.use("a", of: "k", at: 0) == .new)
        #expect(cache.use("b", of: "k", at: 0) == .new)
        #expect(cache.use("c", of: "k", at: 0) == .full)
        #expect(cache.use("a", of: "k", at: 0) == .repeated)
        #expect(cache.use("c", of: "l", at: 0) == .new)
    }
}

@Suite struct KeyRingTests {
    @Test func changesAndAge() {
        let time = TestTime()
        let ring = KeyRing(clock: EdgeClock(wall: { 0 }, ticks: { time.ticks }, sleep: { _ in }))
        #expect(ring.current == nil && !ring.isFresh)
        ring.apply([TestKey.caller.entry], gone: [], complete: true, generation: 3)
        #expect(ring.current?.key(id: "caller") != nil && ring.generation == 3)
        #expect(ring.current?.key(token: "token-caller")?.id == "caller")
        ring.apply([TestKey.hello.entry], gone: ["caller"], complete: false, generation: 4)
        #expect(ring.current?.key(id: "caller") == nil && ring.current?.key(token: "token-caller") == nil)
        #expect(ring.current?.isRevoked("caller") == true && ring.current?.key(id: "hello") != nil)
        time.advance(.milliseconds(599_999))
        #expect(ring.isFresh)
        time.advance(.milliseconds(1))
        #expect(!ring.isFresh)
        ring.apply([], gone: [], complete: false, generation: 4)
        #expect(ring.current?.key(id: "hello") != nil)
    }
}
