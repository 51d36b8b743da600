import ElvesCore
import Foundation
import Testing

@Suite struct JSONTests {
    @Test func aDocumentIsReadWhole() throws {
        let value = try JSONValue(
            parsing: #" {"a": [1, -2.5e3, true, null, "x\n\u00e9\ud83d\ude00\/"], "b": {"c": {}}, "d": []} "#)
        #expect(value["a"]?[0] == 1)
        #expect(value["a"]?[1] == -2500.0)
        #expect(value["a"]?[2]?.bool == true)
        #expect(value["a"]?[3]?.isNull == true)
        #expect(value["a"]?[4]?.string == "x\né😀/")
        #expect(value["b"]?["c"]?.object?.isEmpty == true)
        #expect(value["d"]?.array == [])
        #expect(value["e"] == nil)
        #expect(value.object?.names == ["a", "b", "d"])
    }

    @Test(arguments: JSONCorpus.numbers)
    func numbersKeepTheirKind(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
    }

    @Test(arguments: JSONCorpus.refused)
    func whatRFC8259RefusesIsRefused(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test(arguments: JSONCorpus.notUTF8)
    func bytesThatAreNotUTF8AreRefused(bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
    }

    @Test(arguments: [
        ("{\"a\": 1,\n \"é\": x}", "2:7: \"x\" where a value should be; strings stand in double quotes"),
        ("[1 2]", "1:4: \"2\" where \",\" or \"]\" should be"),
        ("{\"a\":1,\n\"a\":2}", "2:1: member \"a\" stands twice in one object"),
        ("[", "1:2: the text ends where a value should be"),
        ("[1] x", "1:5: \"x\" after the value; a JSON text holds exactly one value"),
    ])
    func errorsSayWhereAndWhat(text: String, message: String) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.description == message)
    }

    @Test func wholeDoublesAreIntegersToo() {
        #expect(JSONValue.double(90).int == 90)
        #expect(JSONValue.double(-0x1p63).int == .min)
        for value in [0.5, 0x1p63, -0x1.8p63, .nan, .infinity] { #expect(JSONValue.double(value).int == nil) }
    }

    @Test func depthIsLimited() throws {
        let text = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        _ = try JSONValue(parsing: text)
        #expect(throws: JSONError.self) { try JSONValue(parsing: "[" + text + "]") }
        #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "[", count: 1_000_000)) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: "[[]]", limits: JSONLimits(depth: 1)) }
    }

    @Test func sizeIsLimited() throws {
        _ = try JSONValue(parsing: "1234", limits: JSONLimits(bytes: 4))
        #expect(throws: JSONError.self) { try JSONValue(parsing: "12345", limits: JSONLimits(bytes: 4)) }
    }

    @Test func writingEscapesWhatItMust() {
        let value: JSONValue = ["a\"\\/": ["\u{1}\n\t\u{7F}é😀", 1.5, -3, nil, false], "n": .double(.nan)]
        #expect(value.text() == "{\"a\\\"\\\\/\":[\"\\u0001\\n\\t\u{7F}é😀\",1.5,-3,null,false],\"n\":null}")
    }

    @Test func prettyTextIsIndented() {
        let value: JSONValue = ["b": [1, [:]], "a": []]
        #expect(value.text(.pretty) == "{\n  \"b\": [\n    1,\n    {}\n  ],\n  \"a\": []\n}")
        #expect(value.text(.canonical) == "{\"a\":[],\"b\":[1,{}]}")
    }

    @Test(arguments: Seeds.many) func whatIsWrittenIsReadBack(seed: UInt64) throws {
        var random = SeededRandom(seed)
        for _ in 0..<40 {
            let value = JSONCorpus.value(&random, depth: 0)
            for style in [JSONStyle.compact, .pretty, .canonical] {
                #expect(try JSONValue(parsing: value.bytes(style)) == value)
            }
        }
    }

    @Test(arguments: Seeds.few) func stringsAreWhatFoundationReadsAndWrites(seed: UInt64) throws {
        var random = SeededRandom(seed)
        for _ in 0..<200 {
            let texts = (0..<5).map { _ in JSONCorpus.text(&random) }
            let value = JSONValue.array(texts.map { .string($0) })
            #expect(try JSONDecoder().decode([String].self, from: Data(value.bytes())) == texts)
            #expect(try JSONValue(parsing: Array(JSONEncoder().encode(texts))) == value)
        }
    }

    @Test(arguments: Seeds.few) func brokenTextNeverDoesMoreThanThrow(seed: UInt64) {
        var random = SeededRandom(seed)
        for _ in 0..<2_000 {
            var bytes = JSONCorpus.value(&random, depth: 0).bytes()
            for _ in 0...random.below(3) where !bytes.isEmpty {
                bytes[random.below(bytes.count)] = UInt8(random.below(256))
            }
            _ = try? JSONValue(parsing: bytes)
        }
    }

    /// 100,000 members and a megabyte of escapes: a quadratic reader would not come back.
    @Test(.timeLimit(.minutes(1))) func largeTextsTakeLinearTime() throws {
        var object = JSONObject()
        for number in 0..<100_000 { object["name\(number)"] = .int(Int64(number)) }
        let limits = JSONLimits(bytes: 64 << 20)
        #expect(try JSONValue(parsing: JSONValue.object(object).bytes(), limits: limits).object?.count == 100_000)
        let text = String(repeating: "\n", count: 1 << 20)
        #expect(try JSONValue(parsing: JSONValue.string(text).bytes(), limits: limits).string == text)
    }
}
