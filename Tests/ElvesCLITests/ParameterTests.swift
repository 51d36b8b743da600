import ElvesCLI
import ElvesClient
import Testing

@Suite struct ParameterTests {
    private func parse(_ texts: String..., input: String = "") throws -> JSONValue? {
        try Parameter.parse(texts) { Array(input.utf8) }
    }

    @Test func nothingIsNoParameter() throws { #expect(try parse() == nil) }

    @Test(arguments: [#"{"name": "Ada"}"#, "[1,2]", "3", "true", "null", #""text""#])
    func jsonIsTakenAsItIs(text: String) throws {
        #expect(try parse(text) == (try JSONValue(parsing: text)))
    }

    @Test func pairsMakeAnObject() throws {
        #expect(try parse("name=Ada", "n=3", "on=true") == ["name": "Ada", "n": 3, "on": true])
        #expect(try parse("list=[1,2]", #"id="3""#) == ["list": [1, 2], "id": "3"])
    }

    @Test(arguments: ["1.10", "007", "+1", "1e3", "12345678901234567890", "a=b", "", "{x", "Ada Lovelace"])
    func aValueThatJSONWouldChangeStaysText(text: String) throws {
        #expect(try parse("v=\(text)") == ["v": .string(text)])
    }

    @Test func filesAndStandardInputHoldJSON() throws {
        let folder = try ScratchFolder()
        let path = try folder.write(#"{"a":1}"#, to: "param.json")
        #expect(try parse("@\(path)") == ["a": 1])
        #expect(try parse("-", input: #"{"b":2}"#) == ["b": 2])
    }

    @Test(arguments: ["{name: Ada}", "Ada", "=x", "a b=c"])
    func anythingElseIsRefusedWithAnExample(text: String) throws {
        let failure = #expect(throws: Failure.self) { try parse(text) }
        #expect(failure?.status == .usage)
        #expect(failure?.text.contains("neither JSON nor name=value") == true)
    }

    @Test func aRepeatedNameIsRefused() throws {
        let failure = #expect(throws: Failure.self) { try parse("a=1", "a=2") }
        #expect(failure?.detail == "--param gives a twice")
    }
}
