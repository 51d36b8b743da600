import ElvesClient
import Foundation
import Testing

/// The command line against a real center, typed as a person types it.
@Suite(.serialized, .timeLimit(.minutes(5))) struct CommandLineTests {
    @Test func appsArePushedMadeLivePlacedAndRemoved() async throws {
        let running = try await RunningCenter.start(agents: 2)
        let app = running.folder.appending(path: "apps/hello")
        let manifest = app.appending(path: "app.yaml")
        let text = try String(contentsOf: manifest, encoding: .utf8)
        try Data(text.replacing("version: 1.0.0", with: "version: 1.1.0").utf8).write(to: manifest)

        let pushed = try await running.typed("app push \(app.path(percentEncoded: false))")
        #expect(pushed.status == 0 && pushed.output == "pushed hello 1.1.0, 2 files\n", "\(pushed)")
        #expect(pushed.errors == "make it live: elves app activate hello 1.1.0\n")
        let live = try await running.typed("app activate hello 1.1.0")
        #expect(live.status == 0 && live.output == "hello 1.1.0 is live\n", "\(live)")
        let list = try await running.typed("app list hello")
        #expect(list.output.contains("live      1.1.0\n") && list.output.contains("1.0.0, 1.1.0"), "\(list)")
        try await running.until("the new version runs") {
            (try? await running.typed("exec hello greet --on 127.0.0.2 --json").json["version"]?.string) == "1.1.0"
        }
        for (line, words) in [("app activate hello 9.9.9", "9.9.9"), ("app activate helo 1.0.0", "hello")] {
            let refused = try await running.typed(line)
            #expect(refused.status == 1 && refused.errors.contains(words), "\(refused)")
        }

        let unbound = try await running.typed("app unbind hello --on *")
        #expect(unbound.status == 0 && unbound.output == "hello is bound to no agent\n", "\(unbound)")
        #expect(try await running.typed("app unbind hello --on *").status == 1)
        try await running.until("the agents dropped it") {
            (try? await running.typed("exec hello greet --on 127.0.0.1"))?.status == 1
        }
        let bound = try await running.typed("app bind hello --on local-2")
        #expect(bound.status == 0 && bound.output == "hello is bound to local-2\n", "\(bound)")
        try await running.until("the one agent has it again") {
            (try? await running.typed("exec hello greet --on local-2"))?.status == 0
        }

        let placed = try await running.typed("app remove hello --yes")
        #expect(placed.status == 1 && placed.errors.contains("elves app unbind hello --on 'local-2'"), "\(placed)")
        #expect(try await running.typed("app unbind hello --on local-2").status == 0)
        let unsure = try await running.typed("app remove hello")
        #expect(unsure.status == 2 && unsure.errors.contains("--yes"), "\(unsure)")
        let removed = try await running.typed("app remove hello --yes")
        #expect(removed.status == 0 && removed.output == "removed hello\n", "\(removed)")
        let gone = try await running.typed("exec hello greet --on 127.0.0.2")
        #expect(gone.status == 1 && gone.errors.contains(#"no app "hello""#), "\(gone)")
    }

    @Test func keysAreMadeListedHeldToTheirScopeAndRevoked() async throws {
        let running = try await RunningCenter.start(agents: 2)
        let made = try await running.typed(["key", "create", "ci job", "--app", "hello", "--on", "127.0.0.1", "--json"])
        let key = try made.json
        let id = try #require(key["id"]?.string)
        let url = try #require(running.readyURL).absoluteString
        let own = ["ELVES_URL": url, "ELVES_TOKEN": key["token"]?.string ?? ""]
        #expect(try await running.typed("exec hello greet --on 127.0.0.1", own).status == 0)
        for line in ["exec hello greet --on 127.0.0.2", "exec other greet --on 127.0.0.1", "key list"] {
            let denied = try await running.typed(line, own)
            #expect(denied.status == 4 && denied.errors.hasPrefix("error: openapi.auth."), "\(line): \(denied)")
        }
        // Without a token its secret signs.
        let signing = ["ELVES_URL": url, "ELVES_AUTH_ID": id, "ELVES_SECRET": key["secret"]?.string ?? ""]
        #expect(try await running.typed("exec hello greet --on 127.0.0.1", signing).status == 0)

        let list = try await running.typed("key list")
        #expect(list.status == 0 && !list.output.contains(key["secret"]?.string ?? "-"), "\(list)")
        let row = try #require(list.output.split(separator: "\n").first { $0.hasPrefix(id) })
        #expect(row.contains("ci job") && row.contains("hello") && row.hasSuffix("active"))
        let revoked = try await running.typed("key revoke \(id)")
        #expect(revoked.status == 0 && revoked.output == "revoked \(id) (ci job)\n", "\(revoked)")
        let refused = try await running.typed("exec hello greet --on 127.0.0.1", own)
        #expect(refused.status == 4, "\(refused)")
        #expect(try await running.typed("key list").output.contains("revoked"))
        let unknown = try await running.typed("key revoke nope")
        #expect(unknown.status == 1 && unknown.errors.contains("nope"), "\(unknown)")
    }

    @Test func callsAreNarrowedShownAsJSONRetriedAndExplained() async throws {
        let running = try await RunningCenter.start(agents: 3)
        let lines = try await running.typed("exec hello greet --on * --exclude local-2 --json").jsonLines
        #expect(lines.compactMap { $0["agent"]?["ip"]?.string }.sorted() == ["127.0.0.1", "127.0.0.3"])
        #expect(lines.allSatisfy { $0["state"] == "succeeded" && $0["result"] == "hello from greet" })

        let targets = running.folder.appending(path: "targets.txt")
        try Data("# the pair\n127.0.0.1\nlocal-3  # by name\n\n".utf8).write(to: targets)
        let file = "@" + targets.path(percentEncoded: false)
        let folded = try await running.typed(["exec", "hello", "greet", "--on", file])
        #expect(folded.status == 0 && folded.output.hasPrefix("2 ✓ \"hello from greet\": "), "\(folded)")
        let rest = try await running.typed(["exec", "hello", "greet", "--on", "*", "--exclude", file, "--json"])
        #expect(try rest.jsonLines.map { $0["agent"]?["ip"]?.string } == ["127.0.0.2"])
        let missing = try await running.typed("exec hello greet --on 127.0.0.1,10.9.9.9")
        #expect(missing.status == 3 && missing.output.contains("1 no such agent: 10.9.9.9"), "\(missing)")

        let stranger = try await running.typed("exec hello greet --on 10.9.9.9")
        #expect(stranger.status == 3 && stranger.errors.contains(#"no agent "10.9.9.9""#), "\(stranger)")

        let batch = try await running.typed("exec hello fail --on 127.0.0.1,127.0.0.2 --no-wait").word
        try await running.until("the batch ended") {
            (try? await running.client().batch(batch).endedAt) != nil
        }
        let again = try await running.typed("exec --retry-failed \(batch) --json")
        #expect(again.status == 1)
        #expect(try again.jsonLines.map { $0["message"]?.string } == ["as asked", "as asked"], "\(again)")
        let single = try await running.typed("exec hello greet --on local-1,local-2 --no-wait").word
        try await running.until("the batch ended") {
            (try? await running.client().batch(single).endedAt) != nil
        }
        let nothing = try await running.typed("exec --retry-failed \(single)")
        #expect(nothing.status == 1 && nothing.errors.hasPrefix("error: cli.batch.nothing"), "\(nothing)")

        let curl = try await running.typed("exec hello greet --on 127.0.0.1 --curl")
        #expect(curl.status == 0 && curl.output.hasPrefix("curl ") && !curl.output.contains("Bearer"), "\(curl)")
        let answer = try await running.shell(curl.output)
        #expect(try answer.json["result"] == "hello from greet", "\(answer)")
        let replay = try await running.shell(curl.output)
        #expect(try replay.json["code"] == "openapi.auth.nonceRepeated", "a signed call is good once")

        let task = try await running.typed("exec hello fail --on local-2 --no-wait").word
        try await running.until("the task ended") { (try? await running.client().task(task).state.isEnd) == true }
        let shown = try await running.typed("task get \(task)")
        for words in ["task       \(task)", "call       hello fail", "127.0.0.2", "failed", "as asked"] {
            #expect(shown.output.contains(words), "\(words) is not in\n\(shown.output)")
        }
        #expect(try await running.typed("task get \(task) --json").json["state"] == "failed")
        let explained = try await running.typed("task explain \(task)")
        for words in ["AT", "PLACE", "scheduler", "agent", "created", "dispatched", "ended"] {
            #expect(explained.output.contains(words), "\(words) is not in\n\(explained.output)")
        }
        for id in ["0000000000000001", "zz"] {
            let unknown = try await running.typed("task get \(id)")
            #expect(unknown.status == 1 && unknown.errors.contains(id), "\(unknown)")
        }
    }
}

extension RunningCenter {
    /// Runs `elves` with the words of a line.
    func typed(_ line: String, _ environment: [String: String] = [:]) async throws -> Typed {
        try await typed(line.split(separator: " ").map(String.init), environment)
    }

    /// Runs `elves` with arguments; nobody is at the keyboard.
    func typed(_ arguments: [String], _ environment: [String: String] = [:]) async throws -> Typed {
        try await run(Self.program("elves"), arguments, environment)
    }

    /// Runs a line of shell.
    func shell(_ line: String) async throws -> Typed { try await run(URL(filePath: "/bin/sh"), ["-c", line], [:]) }

    private func run(_ program: URL, _ arguments: [String], _ extra: [String: String]) async throws -> Typed {
        try Typed(running: program, arguments, environment.merging(extra) { $1 })
    }
}
