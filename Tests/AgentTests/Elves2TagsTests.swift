import Runner
import Testing

@testable import Agent

@Suite struct Elves2TagsTests {
    @Test(
        arguments: [
            ("<ElvesWFlag>true</ElvesWFlag><ElvesWResult>hi</ElvesWResult>", "true", "hi"),
            ("x\n<ElvesWResult>two\nlines</ElvesWResult> y <ElvesWFlag>true</ElvesWFlag>z", "true", "two\nlines"),
            ("<ElvesWFlag>True</ElvesWFlag><ElvesWResult></ElvesWResult>", "True", ""),
            ("<ElvesWFlag> true</ElvesWFlag><ElvesWResult> a </ElvesWResult>", " true", " a "),
            (
                "<ElvesWFlag>false</ElvesWFlag><ElvesWResult>a</ElvesWResult>b</ElvesWResult>", "false",
                "a</ElvesWResult>b"
            ),
            ("<ElvesWFlag>x</ElvesWFlag><ElvesWResult>a<ElvesWResult>b</ElvesWResult>", "x", "a<ElvesWResult>b"),
            (
                "<ElvesWFlag>true</ElvesWFlag>true</ElvesWFlag><ElvesWResult>a</ElvesWResult>", "true</ElvesWFlag>true",
                "a"
            ),
            ("<ElvesWResult><ElvesWFlag>true</ElvesWFlag></ElvesWResult>", "true", "<ElvesWFlag>true</ElvesWFlag>"),
            ("</ElvesWFlag><ElvesWFlag>é</ElvesWFlag><ElvesWResult>😀</ElvesWResult>", "é", "😀"),
        ] as [(String, String, String)])
    func answersAreReadGreedily(output: String, flag: String, result: String) {
        let tags = Elves2Tags(output)
        #expect(tags.flag == flag)
        #expect(tags.result == result)
        #expect(tags.missing.isEmpty)
    }

    @Test(
        arguments: [
            ("", ["<ElvesWFlag>", "<ElvesWResult>"]), (" \n", ["<ElvesWFlag>", "<ElvesWResult>"]),
            ("hello", ["<ElvesWFlag>", "<ElvesWResult>"]), ("<ElvesWFlag>true</ElvesWFlag>", ["<ElvesWResult>"]),
            ("<ElvesWResult>a</ElvesWResult><ElvesWFlag>true", ["<ElvesWFlag>"]),
            ("<ElvesWResult>a</ElvesWResult></ElvesWFlag><ElvesWFlag>true", ["<ElvesWFlag>"]),
            ("<ElvesWFlag>true</ElvesWFlag><ElvesWResult>x</ElvesWResul", ["<ElvesWResult>"]),
            ("<elveswflag>true</elveswflag><ElvesWResult>x</ElvesWResult>", ["<ElvesWFlag>"]),
        ] as [(String, [String])])
    func whatIsMissingIsNamed(output: String, missing: [String]) {
        #expect(Elves2Tags(output).missing == missing)
    }

    /// The tags of an output of which the middle was dropped.
    @Test func theEndsOfALongOutputAreReadTogether() {
        var output = CapturedBytes()
        output.head = Array("<ElvesWFlag>true</ElvesWFlag><ElvesWResult>a".utf8)
        output.dropped = 7
        output.tail = Array("b</ElvesWResult>".utf8)
        let tags = Elves2Tags(output.wholeText)
        #expect(tags.flag == "true" && tags.result == "a\n[elves: 7 bytes dropped]\nb")
    }
}
