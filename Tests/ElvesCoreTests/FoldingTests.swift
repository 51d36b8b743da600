import ElvesCore
import Testing

@Suite struct FoldingTests {
    @Test func aFleetIsOneLine() {
        var folding = Folding()
        for number in 1...2994 { folding.add("web-\(number)", state: .succeeded, value: "nginx 1.22.1") }
        for number in [7, 9, 12, 15, 18] { folding.add("old-\(number)", state: .succeeded, value: "1.18.0") }
        folding.add("web-31", state: .unreachable, value: "connection refused")
        #expect(
            folding.line()
                == "2,994 ✓ \"nginx 1.22.1\" · 5 ✓ \"1.18.0\": old-7, old-9, old-12, … · 1 unreachable: web-31")
        #expect(folding.count == 3000)
    }

    @Test func smallGroupsAreNamed() {
        var folding = Folding()
        folding.add("a", state: .succeeded)
        folding.add("b", state: .failed, value: ["code": 3])
        folding.add("c", state: .timedOut, value: "differs")
        folding.add("d", state: .timedOut, value: "but says the same")
        #expect(folding.line() == "2 timed out: c, d · 1 ✓: a · 1 ✗ {\"code\":3}: b")
        #expect(folding.line(names: 1) == "2 timed out: c, … · 1 ✓: a · 1 ✗ {\"code\":3}: b")
    }

    @Test func equalJSONIsOneEnd() {
        var folding = Folding()
        folding.add("a", state: .succeeded, value: ["x": 1, "y": 2])
        folding.add("b", state: .succeeded, value: ["y": 2, "x": 1])
        #expect(folding.groups.map(\.targets) == [["a", "b"]])
    }

    @Test func longTextsAreCut() {
        let outcome = Folding.Outcome(state: .failed, value: .string(String(repeating: "x", count: 100)))
        #expect(outcome.text(width: 10) == "✗ \"xxxxxxx…\"")
        #expect(outcome.text(width: 200).count == 104)
    }

    @Test func nothingIsAnEmptyLine() {
        #expect(Folding().line() == "")
    }
}
