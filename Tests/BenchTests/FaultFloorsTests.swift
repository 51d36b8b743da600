import Testing

@testable import Bench

/// A run that proves nothing does not pass.
@Suite struct FaultFloorsTests {
    private static func floors(
        asked: Int = 1000, acknowledged: Int = 900, succeeded: Int = 800, begun: Int = 850,
        faults: [String: Int] = ["cut": 10, "mute": 30], isSettled: Bool = true
    ) -> FaultFloors {
        FaultFloors(
            wanted: 1000, asked: asked, acknowledged: acknowledged, succeeded: succeeded, begun: begun, faults: faults,
            dealt: ["cut", "mute"], seconds: 60, isSettled: isSettled)
    }

    @Test func aGoodRunFallsShortOfNothing() {
        #expect(Self.floors().shortfalls.isEmpty)
        #expect(Self.floors().text.hasPrefix("floors: asked for 1000 of 500, acknowledged 900 of 500, succeeded 800"))
    }

    @Test(arguments: [
        (floors(asked: 499), "asked for"),
        (floors(acknowledged: 499), "acknowledged"), (floors(succeeded: 499), "succeeded"),
        (floors(begun: 499), "workers that began"), (floors(faults: ["cut": 4, "mute": 1]), "faults"),
        (floors(faults: ["cut": 40]), "1 kinds of faults, where 2 are the least; never struck: mute"),
        (floors(isSettled: false), "still under way"),
    ])
    func oneThatFallsShortIsSaidAloud(_ floors: FaultFloors, word: String) {
        #expect(floors.shortfalls.count == 1 && floors.shortfalls[0].contains(word), "\(floors.shortfalls)")
    }

    @Test func nothingAtAllFallsShortOfEverything() {
        let nothing = FaultFloors(
            wanted: 0, asked: 0, acknowledged: 0, succeeded: 0, begun: 0, faults: [:], dealt: [], seconds: 0,
            isSettled: true)
        #expect(nothing.shortfalls.count == 5)
    }
}

/// What `elves-agent journal --json` prints, in the checker's words.
@Suite struct JournalEntryTests {
    private static func line(_ standing: String) -> String {
        #"{"task":"0190000000000001","attempt":2,"standing":"\#(standing)","state":"","started":true,"recorded":"#
            + (standing == "recorded" ? "true" : "false") + #","durable":false,"taken_at":5}"#
    }

    @Test func everyStandingIsUnderstood() throws {
        let text = ["open", "kept", "recorded"].map { Self.line($0) + "\n" }.joined()
        let entries = try Evidence.Entry.read(text, agent: "a")
        #expect(entries.map(\.ended) == [false, true, true])
        #expect(entries.map(\.recorded) == [false, false, true])
        #expect(entries.allSatisfy { $0.attempt == 2 && $0.started && $0.agent == "a" })
    }

    @Test func anotherStandingIsNotPassedOver() {
        #expect(throws: (any Error).self) { try Evidence.Entry.read(Self.line("ended"), agent: "a") }
    }
}
