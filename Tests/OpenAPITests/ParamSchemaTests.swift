import ElvesCore
import Testing

@testable import OpenAPI

@Suite struct ParamSchemaTests {
    @Test(arguments: [
        (
            #"{"type":"object","properties":{"n":{"type":"integer","minimum":1,"maximum":3}},"required":["n"],"additionalProperties":false}"#,
            [#"{"n":1}"#, #"{"n":3.0}"#],
            [#"{}"#, #"{"n":0}"#, #"{"n":4}"#, #"{"n":1.5}"#, #"{"n":1,"m":2}"#, "[]", "null"]
        ),
        (
            #"{"type":["string","null"],"minLength":1,"maxLength":2}"#, [#""a""#, #""😀é""#, "null"],
            [#""""#, #""abc""#, "1"]
        ),
        (#"{"enum":["a",1,null]}"#, [#""a""#, "1", "1.0", "null"], [#""b""#, "2", "false"]),
        (#"{"const":{"a":[1]}}"#, [#"{"a":[1.0]}"#], [#"{"a":[2]}"#, #"{"a":[1],"b":1}"#]),
        (
            #"{"items":{"type":"boolean"},"minItems":1,"maxItems":2}"#, ["[true]", "1"],
            ["[]", "[true,1]", "[true,true,true]"]
        ),
        (#"{"additionalProperties":{"type":"number"}}"#, [#"{"x":1}"#], [#"{"x":"1"}"#]),
        (#"{"pattern":"^[a-z]+(-[a-z]+)*$"}"#, [#""a-b""#, "5"], [#""a-""#, #""A""#]),
        ("true", ["1"], []), ("false", [], ["1"]), ("", ["1"], []),
    ])
    func valid(schema: String, good: [String], bad: [String]) throws {
        let schema = try ParamSchema(parsing: schema)
        for text in good { #expect(schema.violation(in: try JSONValue(parsing: text)) == nil, "\(text)") }
        for text in bad { #expect(schema.violation(in: try JSONValue(parsing: text)) != nil, "\(text)") }
    }

    @Test func aViolationNamesItsPlace() throws {
        let schema = try ParamSchema(
            parsing: #"{"properties":{"a":{"items":{"properties":{"b":{"type":"string"}}}}}}"#)
        let violation = try #require(schema.violation(in: ["a": [["b": "x"], ["b": 1]]]))
        #expect(violation.description == "param/a/1/b must be string, not number")
    }

    @Test(arguments: [
        #"{"oneOf":[]}"#, #"{"type":"text"}"#, #"{"type":[]}"#, #"{"enum":[]}"#, #"{"required":[1]}"#,
        #"{"minItems":-1}"#, #"{"minimum":"1"}"#, #"{"pattern":"("}"#, "5", "{",
    ])
    func unreadableSchemas(text: String) {
        #expect(throws: (any Error).self) { try ParamSchema(parsing: text) }
    }
}

@Suite struct LinearPatternTests {
    @Test(arguments: [
        ("^a.c$", ["abc", "a😀c"], ["a\nc", "xabc", "abcd"]), ("a|bc", ["xbcx", "a"], ["b", "c", ""]),
        ("^(ab){2,3}$", ["abab", "ababab"], ["ab", "abababab"]), ("^x{0,2}$", ["", "xx"], ["xxx"]),
        ("^\\d{3}-\\w+\\s?$", ["123-a_9 ", "000-Z"], ["12-a", "123-"]),
        ("^[^a-c\\d]+$", ["xyz", "-"], ["b", "5", ""]),
        ("^[\\]\\-a]+$", ["]-a"], ["b"]), ("^\\u0041\\x42$", ["AB"], ["ab"]), ("^(?:a|)b$", ["b", "ab"], ["aab"]),
        ("", ["", "x"], []), ("^\\S+@\\S+$", ["a@b"], ["a b@c", "@"]), ("^[a-]$", ["a", "-"], ["b"]),
        ("^[\\W]$", ["-"], ["a"]),
    ])
    func matches(pattern: String, good: [String], bad: [String]) throws {
        let pattern = try LinearPattern(pattern)
        for text in good { #expect(pattern.isFound(in: text), "\(pattern.text) \(text)") }
        for text in bad { #expect(!pattern.isFound(in: text), "\(pattern.text) \(text)") }
    }

    @Test(arguments: ["(", ")", "[a", "*a", "a**", "a{2", "a{3,2}", "a{999}", "\\1", "(?=a)", "[z-a]", "\\", "\\u12"])
    func refused(pattern: String) {
        #expect(throws: PatternError.self) { try LinearPattern(pattern) }
    }

    @Test func tooLargeIsRefused() {
        #expect(throws: PatternError.self) { try LinearPattern("((a{200}){200}){200}") }
        #expect(throws: PatternError.self) { try LinearPattern(String(repeating: "a", count: 513)) }
    }

    /// A backtracking matcher would need 2^30000 steps here.
    @Test(.timeLimit(.minutes(1))) func noTextMakesItSlow() throws {
        let pattern = try LinearPattern("^(a+)+$")
        #expect(!pattern.isFound(in: String(repeating: "a", count: 30_000) + "b"))
        #expect(!pattern.isFound(in: String(repeating: "a", count: 65_537)), "longer than is looked at")
    }
}
