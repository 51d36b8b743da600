import ElvesCLI
import Foundation
import Testing

@Suite struct CommandTests {
    static let agents = #"""
        {"agents":[
        {"id":"1","ip":"127.0.0.1","name":"local-1","version":"0.1.0","alive":true,
        "last_beat_at":"2023-11-14T22:13:18.000Z","first_seen_at":"2023-11-14T22:00:00.000Z",
        "labels":{"zone":"bj","role":"web"},"facts":{},"apps":[{"app":"hello","version":"1.0.0","problem":null}]},
        {"id":"2","ip":"127.0.0.20","name":"","version":"0.1.0","alive":false,"last_beat_at":null,
        "first_seen_at":null,"labels":{},"facts":{},
        "apps":[{"app":"hello","version":"1.0.0","problem":"no space left"}]}],"next":null}
        """#

    @Test func agentsAreATable() async throws {
        try await FakeCenter.run(["GET /api/v3/agents": Self.agents]) { url, center in
            let (status, terminal) = await Command.run(["agents", "--on", "zone=bj"], url: url)
            #expect(status == .success)
            #expect(
                terminal.output == [
                    "IP          NAME     ALIVE  LAST BEAT  VERSION  APPS                         LABELS",
                    "127.0.0.1   local-1  yes    2 s ago    0.1.0    hello 1.0.0                  role=web,zone=bj",
                    "127.0.0.20  -        no     never      0.1.0    hello 1.0.0 (no space left)  -",
                ])
            let asked = center.asked
            #expect(asked.map(\.line) == ["GET /api/v3/agents?on=zone%3Dbj&limit=500"])
            #expect(asked.first?.authorization == "Bearer test-token")
        }
    }

    @Test func jsonIsALineAnAgent() async throws {
        try await FakeCenter.run(["GET /api/v3/agents": Self.agents]) { url, _ in
            let (_, terminal) = await Command.run(["agents", "--json"], url: url)
            #expect(terminal.output.count == 2)
            #expect(terminal.output.first?.contains(#""ip":"127.0.0.1""#) == true)
            #expect(terminal.output.first?.contains(#""last_beat_at":"2023-11-14T22:13:18.000Z""#) == true)
        }
    }

    @Test(arguments: [
        (401, CommandStatus.denied), (403, .denied), (404, .failure), (409, .failure), (503, .unreachable),
    ])
    func aProblemEndsWithCodeCauseHintAndStatus(status: Int, expected: CommandStatus) async throws {
        let problem = FakeCenter.problem(
            status, "openapi.app.unknown", #"no app "nope"; did you mean "hello"?"#, hint: "try: elves app list")
        try await FakeCenter.run(answering: { _ in (status, problem) }) { url, _ in
            let (ended, terminal) = await Command.run(["app", "list", "nope"], url: url)
            #expect(ended == expected)
            #expect(terminal.output.isEmpty)
            let trace = status >= 500 ? " (trace 4bf9); " : " "
            #expect(
                terminal.notes == [
                    #"error: openapi.app.unknown: no app "nope"; did you mean "hello"?\#(trace)try: elves app list"#
                ])
        }
    }

    @Test func noCenterIsStatusThree() async {
        let (status, terminal) = await Command.run(["app", "list"], url: "http://127.0.0.1:1")
        #expect(status == .unreachable)
        #expect(terminal.notes.first?.contains("connection refused; start one with `elves up`") == true)
    }

    @Test(arguments: [["nope"], ["agents", "--nope"], ["key", "create"], ["app", "activate", "hello"]])
    func aWrongUseIsStatusTwo(arguments: [String]) async {
        let (status, terminal) = await Command.run(arguments)
        #expect(status == .usage)
        #expect(terminal.output.isEmpty)
        #expect(terminal.notes.first?.hasPrefix("error: cli.usage: ") == true)
        #expect(terminal.notes.first?.contains("Usage:") == true)
    }

    @Test func helpAndVersionAreNoErrors() async {
        for arguments in [["--help"], ["app", "--help"], ["version"]] {
            let (status, terminal) = await Command.run(arguments)
            #expect(status == .success)
            #expect(terminal.notes.isEmpty && !terminal.output.isEmpty)
        }
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func completionKnowsTheCommands(shell: String) async {
        let (status, terminal) = await Command.run(["completion", shell])
        #expect(status == .success)
        #expect(terminal.output.joined().contains("agents"))
    }

    @Test func aNewKeyShowsItsSecretOnce() async throws {
        let key = #"""
            {"id":"k1","comment":"ci","apps":["hello"],"functions":[],"agents":["zone=bj"],"admin":false,
            "legacy_md5":true,"require_nonce":false,"created_at":"2023-11-14T22:13:18.000Z","revoked":false,
            "secret":"s3","token":"t0"}
            """#
        try await FakeCenter.run(["POST /api/v3/keys": key]) { url, center in
            let (status, terminal) = await Command.run(
                ["key", "create", "ci", "--app", "hello", "--on", "zone=bj", "--legacy-md5"], url: url)
            #expect(status == .success)
            #expect(terminal.output == ["auth_id  k1", "secret   s3", "token    t0"])
            #expect(
                center.asked.first?.body
                    == #"{"admin":false,"agents":["zone=bj"],"apps":["hello"],"comment":"ci","functions":[],"#
                    + #""legacy_md5":true,"require_nonce":false}"#)
        }
    }

    @Test func removingAsksFirst() async throws {
        let app = #"""
            {"app":"hello","summary":"","live_version":"1.0.0","versions":["1.0.0"],"bindings":[],
            "updated_at":null,"functions":[]}
            """#
        try await FakeCenter.run(["GET /api/v3/apps/hello": app, "DELETE /api/v3/apps/hello": "{}"]) { url, center in
            let (refused, _) = await Command.run(
                ["app", "remove", "hello"], url: url, terminal: RecordingTerminal(answers: ["n"]))
            let (unasked, _) = await Command.run(["app", "remove", "hello"], url: url)
            #expect(refused == .usage && unasked == .usage)
            #expect(!center.asked.contains { $0.line.hasPrefix("DELETE") })

            let (agreed, terminal) = await Command.run(
                ["app", "remove", "hello"], url: url, terminal: RecordingTerminal(answers: ["y"]))
            #expect(agreed == .success)
            #expect(terminal.questions == ["Remove hello with 1 version? [y/N]"])
            #expect(center.asked.last?.line == "DELETE /api/v3/apps/hello")
        }
    }

    @Test func aBoundAppIsNotAskedAbout() async throws {
        let app = #"""
            {"app":"hello","summary":"","live_version":"1.0.0","versions":["1.0.0"],"updated_at":null,"functions":[],
            "bindings":[{"targets":"zone=bj","created_at":null}]}
            """#
        try await FakeCenter.run(["GET /api/v3/apps/hello": app]) { url, center in
            let (status, terminal) = await Command.run(
                ["app", "remove", "hello"], url: url, terminal: RecordingTerminal(answers: ["y"]))
            #expect(status == .failure && terminal.questions.isEmpty)
            #expect(terminal.notes.first?.hasSuffix("elves app unbind hello --on 'zone=bj'") == true)
            #expect(!center.asked.contains { $0.line.hasPrefix("DELETE") })
        }
    }

    @Test(arguments: ["openapi.agent.unknown", "openapi.target.none"])
    func anAgentThatNobodyKnowsIsOutOfSight(code: String) async throws {
        let answer = (404, FakeCenter.problem(404, code, "no agent"))
        try await FakeCenter.run(answering: { _ in answer }) { url, _ in
            let (status, _) = await Command.run(["exec", "hello", "greet", "--on", "10.9.9.9"], url: url)
            #expect(status == .unreachable)
        }
    }
}
