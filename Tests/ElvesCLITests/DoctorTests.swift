import ElvesCLI
import Foundation
import Testing

@Suite struct DoctorTests {
    static let components = #"""
        {"components":[
        {"role":"openapi","instance":"openapi-1","version":"0.1.0","uptime_ms":61000,"ready":true,"reason":"",
        "numbers":{}},
        {"role":"scheduler","instance":"scheduler-1","version":"0.0.9","uptime_ms":5,"ready":true,"reason":"",
        "numbers":{}},
        {"role":"heartbeat","instance":"heartbeat-1","version":"0.1.0","uptime_ms":5,"ready":false,
        "reason":"not connected to supervisor","numbers":{}}]}
        """#

    private static func table(agents: String = CommandTests.agents) -> [String: String] {
        [
            "GET /readyz": "{}", "GET /api/v3/components": components, "GET /api/v3/agents": agents,
            "GET /api/v3/apps": #"{"apps":[]}"#,
        ]
    }

    @Test func saysAllThatIsGoodAndBad() async throws {
        try await FakeCenter.run(Self.table()) { url, _ in
            let (status, terminal) = await Command.run(["doctor"], url: url)
            #expect(status == .failure)
            let text = terminal.output.joined(separator: "\n")
            #expect(text.contains("✓ address   \(url) answers"))
            #expect(text.contains("✓ ready     calls would succeed"))
            #expect(text.contains("✓ key       accepted (ELVES_URL)"))
            #expect(text.contains("✓ component openapi 0.1.0, up 1 min"))
            #expect(text.contains("! component scheduler 0.0.9"))
            #expect(text.contains("✗ component heartbeat 0.1.0 is not ready: not connected to supervisor"))
            #expect(text.contains("! agents    1 of 2 not alive: 127.0.0.20"))
            #expect(text.contains("✗ app       hello on 127.0.0.20: no space left"))
        }
    }

    @Test func aRefusedKeyIsNamed() async throws {
        let refusal = FakeCenter.problem(401, "openapi.auth.token", "unknown token", hint: "check it")
        try await FakeCenter.run(answering: { asked in
            asked.line == "GET /readyz" ? (200, "{}") : (401, refusal)
        }) { url, _ in
            let (status, terminal) = await Command.run(["doctor"], url: url)
            #expect(status == .failure)
            #expect(terminal.output.contains("✗ key       unknown token"))
            #expect(terminal.output.contains("            → check it"))
        }
    }

    @Test func noCenterIsSaidWithTheSourceOfTheAddress() async {
        let (status, terminal) = await Command.run(["doctor"], url: "http://127.0.0.1:1")
        #expect(status == .failure)
        #expect(terminal.output.first?.hasPrefix("✗ address   no center answers at http://127.0.0.1:1") == true)
        #expect(terminal.output.contains("            → settings come from ELVES_URL"))
    }

    @Test func noSettingsAreAFinding() async throws {
        let home = try ScratchFolder()
        let (status, terminal) = await Command.run(["doctor"], environment: ["HOME": home.path])
        #expect(status == .failure)
        #expect(terminal.output.first == "✗ center    no center is known here")
    }
}
