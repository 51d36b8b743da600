import ElvesCore
import Testing

/// A check throws exactly what reading throws.
@Suite struct JSONCheckTests {
    private func readError(_ bytes: [UInt8], _ limits: JSONLimits) -> JSONError? {
        do throws(JSONError) {
            _ = try JSONValue(parsing: bytes, limits: limits)
            return nil
        } catch { return error }
    }

    private func checkError(_ bytes: [UInt8], _ limits: JSONLimits) -> JSONError? {
        do throws(JSONError) {
            try JSONValue.check(bytes, limits: limits)
            return nil
        } catch { return error }
    }

    /// Whether the bytes are good, which both have to say.
    @discardableResult private func verdict(_ bytes: [UInt8], _ limits: JSONLimits = JSONLimits()) -> Bool {
        let error = checkError(bytes, limits)
        #expect(error == readError(bytes, limits), "\(String(decoding: bytes, as: UTF8.self))")
        return error == nil
    }

    @Test func whatIsGoodPasses() {
        let texts = [
            #" {"a": [1, -2.5e3, true, null, "x\n\u00e9\ud83d\ude00\/"], "b": {"c": {}}, "d": []} "#, "0", #""""#, "[]",
            #"{"":{"":[{}]}}"#, #"[{"a":1},{"a":2}]"#, #""é😀\u0041é""#, #""\n\né\n""#, "false",
        ]
        for text in texts + JSONCorpus.numbers.map(\.0) {
            #expect(verdict(Array(text.utf8)), "\(text)")
            #expect(JSONValue.isJSON(text))
        }
    }

    @Test func whatIsBadIsRefusedInTheSameWords() {
        for text in JSONCorpus.refused {
            #expect(!verdict(Array(text.utf8)), "\(text)")
            #expect(!JSONValue.isJSON(text))
        }
        for bytes in JSONCorpus.notUTF8 {
            #expect(!verdict(bytes))
            let escape = Array(#"\n"#.utf8)
            #expect(!verdict([0x22] + escape + bytes.dropFirst().dropLast() + escape + [0x22]))
        }
    }

    @Test func namesThatStandTwiceAreRefusedInAnyObject() {
        #expect(!verdict(Array(#"[{"x":{"a":1,"b":{"a":2},"a":3}}]"#.utf8)))
        #expect(!verdict(Array("{\"\u{E9}\":1,\"e\u{301}\":2}".utf8)), "one name in two normal forms")
        let many = (0..<40).map { "\"n\($0)\":0" }
        #expect(verdict(Array("{\(many.joined(separator: ","))}".utf8)))
        #expect(!verdict(Array("{\((many + ["\"n7\":1"]).joined(separator: ","))}".utf8)))
    }

    @Test func oneNameInTwoSpellingsStandsTwice() {
        let spellings = [#""a""#, #""\u0061""#]
        for (first, second) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let (first, second) = (spellings[first], spellings[second])
            #expect(!verdict(Array("{\(first):1,\(second):2}".utf8)))
            #expect(!verdict(Array("{\(first):1,\"b\":{\(second):1},\(second):2}".utf8)))
            #expect(verdict(Array("{\(first):1,\"b\":{\(second):1},\"\u{E9}\":2,\"ab\":3}".utf8)))
            let many = (0..<40).map { "\"n\($0)\":0" }.joined(separator: ",")
            #expect(!verdict(Array("{\(first):1,\(many),\(second):2}".utf8)))
        }
        #expect(!verdict(Array(#"{"":1,"":2}"#.utf8)))
    }

    @Test func whatIsSpecialIsFoundAtAnyPlace() {
        for length in 0..<40 {
            let plain = [UInt8](repeating: UInt8(ascii: "x"), count: length)
            #expect(verdict([0x22] + plain + [0x22]))
            for place in 0..<length {
                for byte: UInt8 in [0x00, 0x1F, 0x22, 0x5C, 0x80, 0xFF] {
                    var bytes = plain
                    bytes[place] = byte
                    #expect(!verdict([0x22] + bytes + [0x22]), "\(byte) at \(place) of \(length)")
                }
                for byte: UInt8 in [0x20, 0x21, 0x23, 0x5B, 0x5D, 0x7F] {
                    var bytes = plain
                    bytes[place] = byte
                    #expect(verdict([0x22] + bytes + [0x22]), "\(byte) at \(place) of \(length)")
                }
            }
        }
    }

    @Test func numbersAreBoundedAlike() {
        for digits in [299, 300, 301, 308, 309, 310, 400] {
            verdict(Array(String(repeating: "9", count: digits).utf8))
            verdict(Array(("-" + String(repeating: "9", count: digits) + ".5").utf8))
            verdict(Array(("0." + String(repeating: "0", count: digits) + "1").utf8))
        }
        for exponent in ["1e308", "1e309", "-2e308", "1E-999", "0e999999999"] { verdict(Array(exponent.utf8)) }
    }

    @Test func limitsHoldAlike() {
        let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(verdict(Array(deep.utf8)))
        #expect(!verdict(Array("[\(deep)]".utf8)))
        #expect(!verdict(Array("[[]]".utf8), JSONLimits(depth: 1)))
        #expect(verdict(Array("1234".utf8), JSONLimits(bytes: 4)))
        #expect(!verdict(Array("12345".utf8), JSONLimits(bytes: 4)))
    }

    @Test(arguments: Seeds.few) func randomTextsAreJudgedAlike(seed: UInt64) {
        var random = SeededRandom(seed)
        for _ in 0..<1_000 {
            var bytes = JSONCorpus.value(&random, depth: 0).bytes()
            #expect(verdict(bytes))
            for _ in 0...random.below(3) where !bytes.isEmpty {
                bytes[random.below(bytes.count)] = UInt8(random.below(256))
            }
            verdict(bytes)
        }
    }
}
