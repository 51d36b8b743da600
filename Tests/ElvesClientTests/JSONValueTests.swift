import ElvesClient
import Testing

@Suite struct JSONValueTests {
    @Test(arguments: [
        "null", "true", "0", "-7", "9223372036854775807", "1.5", #""a\"b""#, "[]", "{}",
        #"{"a":[1,"2",null,{"b":false}],"snake_case":1}"#, #""é / 😀""#,
    ])
    func keepsEveryKindOfValue(text: String) throws {
        #expect(try JSONValue(parsing: text).text == text)
    }

    @Test func refusesWhatIsNotJSON() {
        #expect(throws: (any Error).self) { try JSONValue(parsing: "{name: 1}") }
        #expect(throws: (any Error).self) { try JSONValue(parsing: "") }
    }

    @Test func literalsReadLikeJSON() {
        let value: JSONValue = ["name": "Ada", "n": 1, "on": true, "list": [1.5, nil]]
        #expect(value.text == #"{"list":[1.5,null],"n":1,"name":"Ada","on":true}"#)
        #expect(value["name"]?.string == "Ada")
    }
}
