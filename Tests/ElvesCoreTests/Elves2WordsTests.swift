import ElvesCore
import Testing

@Suite struct Elves2SignatureTests {
    @Test func theContractsVectorComesOut() {
        let text = Elves2Signature.text(
            path: "/foo/bar",
            parameters: [("key2", "value2"), ("timestamp", "1234567890"), ("sign_type", "MD5"), ("key1", "value1")],
            secret: "testkey")
        #expect(text == "/foo/bar?key1=value1&key2=value2&timestamp=1234567890testkey")
    }

    @Test func theRulesHold() {
        let text = Elves2Signature.text(
            path: "//api/v2/rt/exec",
            parameters: [("b", nil), ("sign", "x"), ("a", "1 &="), ("a", "2"), ("B", ""), ("é", "ü")], secret: " s \n")
        #expect(text == "/api/v2/rt/exec?B=&a=1 &=&b=&é=ü s")
    }

    @Test func withoutParametersTheMarkStays() {
        #expect(Elves2Signature.text(path: "/x", parameters: []) == "/x?")
    }
}

@Suite struct Elves2TagsTests {
    private func read(_ text: String) throws(Elves2Tags.Problem) -> Elves2Tags {
        try Elves2Tags(output: Array(text.utf8))
    }

    @Test(
        arguments: [
            ("<ElvesWFlag>true</ElvesWFlag><ElvesWResult>hi</ElvesWResult>", 1, "hi"),
            ("x\n<ElvesWResult>two\nlines</ElvesWResult> y <ElvesWFlag>true</ElvesWFlag>z", 1, "two\nlines"),
            ("<ElvesWFlag>True</ElvesWFlag><ElvesWResult></ElvesWResult>", 0, ""),
            ("<ElvesWFlag> true</ElvesWFlag><ElvesWResult> a </ElvesWResult>", 0, " a "),
            ("<ElvesWFlag>false</ElvesWFlag><ElvesWResult>a</ElvesWResult>b</ElvesWResult>", 0, "a</ElvesWResult>b"),
            ("<ElvesWFlag>true</ElvesWFlag><ElvesWResult>a<ElvesWResult>b</ElvesWResult>", 1, "a<ElvesWResult>b"),
            ("<ElvesWFlag>true</ElvesWFlag>true</ElvesWFlag><ElvesWResult>a</ElvesWResult>", 0, "a"),
        ] as [(String, Int32, String)])
    func answersAreReadGreedily(output: String, flag: Int32, result: String) throws {
        let tags = try read(output)
        #expect(tags.flag == flag)
        #expect(tags.result == result)
    }

    @Test(arguments: [
        ("", Elves2Tags.Problem.empty), (" \n", .empty), ("hello", .missing(tag: "ElvesWFlag")),
        ("<ElvesWFlag>true</ElvesWFlag>", .missing(tag: "ElvesWResult")),
        ("<ElvesWFlag>true", .open(tag: "ElvesWFlag")),
        ("</ElvesWFlag><ElvesWFlag>true", .open(tag: "ElvesWFlag")),
        ("<ElvesWFlag>true</ElvesWFlag><ElvesWResult>x</ElvesWResul", .open(tag: "ElvesWResult")),
        ("<elveswflag>true</elveswflag>", .missing(tag: "ElvesWFlag")),
    ])
    func whatIsMissingIsNamed(output: String, problem: Elves2Tags.Problem) {
        #expect(throws: problem) { try read(output) }
    }

    @Test func theReasonQuotesTheOutput() {
        let message = Elves2Tags.Problem.missing(tag: "ElvesWFlag").message(output: Array("Traceback\n".utf8))
        #expect(message == #"the worker printed no <ElvesWFlag>; its output starts with "Traceback\n""#)
    }

    @Test func brokenUTF8IsReplaced() throws {
        let output = Array("<ElvesWFlag>true</ElvesWFlag><ElvesWResult>a".utf8) + [0xFF] + Array("</ElvesWResult>".utf8)
        #expect(try Elves2Tags(output: output).result == "a\u{FFFD}")
    }
}

@Suite struct Elves2EnvelopeTests {
    @Test func bodiesHaveTheContractsForm() {
        #expect(Elves2Envelope.success().text() == #"{"flag":"true","error":""}"#)
        #expect(Elves2Envelope.success(["id": "1"]).text() == #"{"flag":"true","error":"","result":{"id":"1"}}"#)
        #expect(
            Elves2Envelope.failure(ElvesError(.openapiAuthSignature, "no")).text()
                == #"{"flag":"false","error":"[401.5]Unauthorized Sign Error"}"#)
    }
}
