import ElvesCore
import Foundation
import Testing

@Suite struct HexTests {
    @Test func bytesAndText() {
        #expect(Hex.encode([0, 0x0F, 0xA5, 0xFF]) == "000fa5ff")
        #expect(Hex.decode("000FA5ff") == [0, 0x0F, 0xA5, 0xFF])
        #expect(Hex.encode([0xFF, 0xA5].reversed()) == "a5ff")
        #expect(Hex.encode([]).isEmpty)
        #expect(Hex.decode("") == [])
        #expect(Hex.decode("x0aF".dropFirst()) == nil)
        #expect(Hex.decode("x0aF0".dropFirst()) == [0x0A, 0xF0])
        #expect(Hex.decode("abc") == nil)
        #expect(Hex.decode("0g") == nil)
        #expect(Hex.encode(UInt64.max) == "ffffffffffffffff")
    }
}

@Suite struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func rfc4648Vectors(text: String, encoded: String) {
        #expect(Base64.encode(text.utf8) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
    }

    @Test(arguments: ["Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z===", "====", "Zm9v Zg==", "Zm-_", "=Zg="])
    func othersAreRefused(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test(arguments: Seeds.few) func agreesWithFoundation(seed: UInt64) {
        var random = SeededRandom(seed)
        for length in 0..<100 {
            let bytes = (0..<length).map { _ in UInt8(random.below(256)) }
            let text = Base64.encode(bytes)
            #expect(text == Data(bytes).base64EncodedString())
            #expect(Base64.decode(text) == bytes)
        }
    }
}

@Suite struct DurationTextTests {
    @Test(
        arguments: [
            ("90s", 90_000), ("5m", 300_000), ("1h30m", 5_400_000), ("250ms", 250), ("2d", 172_800_000), ("0s", 0),
            ("1m1ms", 60_001),
        ] as [(String, Int64)])
    func textsAreRead(text: String, milliseconds: Int64) throws {
        #expect(try DurationText.milliseconds(text) == milliseconds)
        #expect(try DurationText.parse(text) == .milliseconds(milliseconds))
    }

    @Test(arguments: [
        "", "5", "s", "5x", "1m1h", "1s1s", "0s0s", "-5s", "1.5s", "99999999999999999999s", "40000d", "5 s", "٣s",
    ])
    func othersAreRefused(text: String) {
        #expect(throws: ElvesError.self) { try DurationText.milliseconds(text) }
    }

    @Test func aBareNumberCountsTheCallersUnit() throws {
        #expect(try DurationText.milliseconds("90", bareUnit: .seconds(1)) == 90_000)
        #expect(throws: ElvesError.self) { try DurationText.milliseconds("-1", bareUnit: .seconds(1)) }
        #expect(throws: ElvesError.self) {
            try DurationText.milliseconds("9223372036854775807", bareUnit: .seconds(1))
        }
    }

    @Test(arguments: Seeds.few) func whatIsWrittenIsReadBack(seed: UInt64) throws {
        var random = SeededRandom(seed)
        for _ in 0..<500 {
            let milliseconds = Int64.random(in: 0...(1 << Int64(random.below(41))), using: &random)
            #expect(try DurationText.milliseconds(DurationText.format(milliseconds: milliseconds)) == milliseconds)
        }
        #expect(DurationText.format(.seconds(3_690)) == "1h1m30s")
        #expect(DurationText.format(milliseconds: -1500) == "-1s500ms")
        #expect(!DurationText.format(milliseconds: .min).isEmpty)
    }
}

@Suite struct ByteSizeTextTests {
    @Test(
        arguments: [
            ("512", 512), ("512B", 512), ("64KiB", 65_536), ("64kib", 65_536), ("1 MiB", 1_048_576),
            ("10GB", 10_000_000_000),
            ("0", 0),
        ] as [(String, Int64)])
    func textsAreRead(text: String, bytes: Int64) throws {
        #expect(try ByteSizeText.parse(text) == bytes)
    }

    @Test(arguments: ["", "B", "-1", "1.5MiB", "1XB", "9999999TiB", "99999999999999999999"])
    func othersAreRefused(text: String) {
        #expect(throws: ElvesError.self) { try ByteSizeText.parse(text) }
    }

    @Test(
        arguments: [
            (0, "0B"), (1023, "1023B"), (1024, "1KiB"), (1536, "1.5KiB"), (64 << 20, "64MiB"),
            ((1 << 30) - 1, "1023.9MiB"),
        ] as [(Int64, String)])
    func sizesAreWritten(bytes: Int64, text: String) {
        #expect(ByteSizeText.format(bytes) == text)
    }
}

@Suite struct CountTextTests {
    @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (2_994_000, "2,994,000"), (-1234, "-1,234")])
    func thousandsStandApart(count: Int, text: String) {
        #expect(CountText.grouped(count) == text)
    }
}

@Suite struct SuggestionTests {
    private let names = ["hello", "nginx", "deploy", "disk-usage", "uptime"]

    @Test(arguments: [
        ("helo", "hello"), ("hlelo", "hello"), ("HELLO", "hello"), ("nginix", "nginx"), ("disk-useage", "disk-usage"),
        ("uptmie", "uptime"),
    ])
    func nearNamesAreFound(word: String, name: String) {
        #expect(Suggestion.nearest(to: word, in: names) == name)
    }

    @Test(arguments: ["nope", "", "xyz", "helicopter"]) func farOnesAreNot(word: String) {
        #expect(Suggestion.nearest(to: word, in: names) == nil)
        #expect(Suggestion.phrase(for: word, in: names) == "")
    }

    @Test func theOnlyNameIsAlwaysNamed() {
        #expect(Suggestion.phrase(for: "nope", in: ["hello"]) == "; did you mean \"hello\"?")
        #expect(Suggestion.nearest(to: "nope", in: []) == nil)
    }

    @Test func ofEqualsTheFirstByAlphabet() {
        #expect(Suggestion.nearest(to: "cat", in: ["hat", "bat", "cart"]) == "bat")
    }
}
