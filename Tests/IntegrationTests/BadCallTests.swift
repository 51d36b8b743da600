import ElvesClient
import Foundation
import TestSupport
import Testing

/// Calls and packages that are wrong, at a whole center: each is refused with its own error, which names what was
/// wrong, and leaves nothing behind.
@Suite(.serialized, .timeLimit(.minutes(5))) struct BadCallTests {
    @Test func everyWrongCallHasItsError() async throws {
        let running = try await RunningCenter.start(agents: 2)
        let keys = try await Keys(running.client())
        async let slow = slowHead(running)
        try await wrongCalls(running, keys)
        try await wrongCallsOfElves2(running, keys)
        try await wrongPackages(running)
        try await slow
        #expect(try await running.client().run("hello", "greet", on: "127.0.0.1").state == .succeeded)
        try await running.stop()
    }

    /// Keys that may do one thing, and not what is asked.
    private struct Keys {
        let app: KeyRecord
        let function: KeyRecord
        let agent: KeyRecord

        init(_ center: ElvesCenter) async throws {
            app = try await center.createKey(KeyRequest(comment: "other apps", apps: ["other"]))
            function = try await center.createKey(KeyRequest(comment: "other functions", functions: ["fail"]))
            agent = try await center.createKey(KeyRequest(comment: "other agents", agents: ["127.0.0.2"]))
        }
    }

    // MARK: /api/v3

    private struct Wrong: Sendable {
        var what: String
        var call: Call
        var status: Int
        var code: String
        /// A part of the problem's detail.
        var words: String
    }

    private func wrongCalls(_ running: RunningCenter, _ keys: Keys) async throws {
        let own = try running.credentials()
        let signer = RequestSigner(authID: own["auth_id"] ?? "", secret: own["secret"] ?? "")
        let bearer = "Bearer \(own["token"] ?? "")"
        let once = Self.signed(Self.task(), signer)
        let first = try await send(running, once)
        #expect(first.status == 200, "\(String(decoding: first.body, as: UTF8.self))")
        for wrong in [
            Wrong(
                what: "unsigned", call: Self.task(), status: 401, code: "openapi.auth.missing",
                words: "no Authorization header"),
            Wrong(
                what: "wrongly signed",
                call: Self.signed(Self.task(), RequestSigner(authID: signer.authID, secret: "a guess")), status: 401,
                code: "openapi.auth.signature", words: "Wrong signature"),
            Wrong(
                what: "stale", call: Self.signed(Self.task(), signer, age: 200), status: 401,
                code: "openapi.auth.window", words: "180 s"),
            Wrong(
                what: "repeated nonce", call: once, status: 401, code: "openapi.auth.nonceRepeated",
                words: "nonce was used before"),
            Wrong(
                what: "unknown token", call: Self.with("Bearer no-such-token", Self.task()), status: 401,
                code: "openapi.auth.token", words: "Unknown token"),
            Wrong(
                what: "app out of scope", call: Self.with(Self.bearer(keys.app), Self.task()), status: 403,
                code: "openapi.auth.denied", words: "no right to app \"hello\""),
            Wrong(
                what: "function out of scope", call: Self.with(Self.bearer(keys.function), Self.task()), status: 403,
                code: "openapi.auth.denied", words: "no right to function \"greet\""),
            Wrong(
                what: "agent out of scope", call: Self.with(Self.bearer(keys.agent), Self.task()), status: 403,
                code: "openapi.auth.denied", words: "no right to agent \"127.0.0.1\""),
            Wrong(
                what: "unknown agent", call: Self.with(bearer, Self.task(agent: "127.0.0.9")), status: 404,
                code: "openapi.agent.unknown", words: "no agent \"127.0.0.9\""),
            Wrong(
                what: "unknown app", call: Self.with(bearer, Self.task(app: "helo")), status: 404,
                code: "openapi.app.unknown", words: "no app \"helo\"; did you mean \"hello\"?"),
            Wrong(
                what: "unknown function", call: Self.with(bearer, Self.task(function: "nope")), status: 404,
                code: "openapi.function.unknown", words: "\"hello\" has no function \"nope\""),
            Wrong(
                what: "param not JSON", call: Self.with(bearer, Self.task(param: "{'a': 1}")), status: 400,
                code: "elves.json.invalid", words: "the body is not JSON at 1:"),
            Wrong(
                what: "10 MB", call: Self.with(bearer, Self.task(param: Self.tenMegabytes)), status: 413,
                code: "openapi.request.tooLong", words: "longer than 4194304 bytes"),
        ] {
            let reply = try await send(running, wrong.call)
            #expect(reply.status == wrong.status, "\(wrong.what)")
            let problem = try Self.problem(reply)
            #expect(problem.code == wrong.code && problem.status == wrong.status, "\(wrong.what): \(problem)")
            #expect(problem.detail.contains(wrong.words), "\(wrong.what): \(problem.detail)")
            #expect(problem.hint?.isEmpty == false && problem.trace?.count == 32, "\(wrong.what)")
        }
    }

    private static let tenMegabytes = "\"\(String(repeating: "x", count: 10_000_000))\""

    private static func task(
        app: String = "hello", function: String = "greet", agent: String = "127.0.0.1", param: String = "null"
    ) -> Call {
        let body = #"{"app":"\#(app)","function":"\#(function)","target":"\#(agent)","param":\#(param)}"#
        return Call(.post, ["api", "v3", "tasks"], query: [("wait", "20")], body: Array(body.utf8))
    }

    private static func bearer(_ key: KeyRecord) -> String { "Bearer \(key.token ?? "")" }

    private static func with(_ authorization: String, _ call: Call) -> Call {
        var call = call
        call.headers.append(("Authorization", authorization))
        return call
    }

    private static func signed(_ call: Call, _ signer: RequestSigner, age: Int64 = 0) -> Call {
        let now = Int64(Date().timeIntervalSince1970)
        return with(signer.authorization(for: call, timestamp: now - age, nonce: UUID().uuidString), call)
    }

    private static func problem(_ reply: HTTPReply) throws -> Problem {
        #expect(reply.header("Content-Type") == "application/problem+json")
        return try JSONDecoder().decode(Problem.self, from: Data(reply.body))
    }

    private func send(_ running: RunningCenter, _ call: Call) async throws -> HTTPReply {
        try await ElvesCenter(url: try #require(running.readyURL), credentials: nil).exchange(call)
    }

    // MARK: /api/v2

    private func wrongCallsOfElves2(_ running: RunningCenter, _ keys: Keys) async throws {
        let caller = try running.v2()
        let exec = ["app": "hello", "func": "greet", "ip": "127.0.0.1"]
        func call(_ changed: [String: String] = [:], by key: KeyRecord? = nil) throws -> Call {
            try running.v2(key).call("/api/v2/rt/exec", exec.merging(changed) { $1 })
        }
        let once = try call(["nonce": UUID().uuidString])
        #expect(try await caller.send(once).json["flag"] == "true")
        let guess = V2Caller(url: caller.url, id: caller.id, secret: "a guess")
        let unsigned = Call(.get, ["api", "v2", "rt", "exec"], query: exec.map { ($0.key, Optional($0.value)) })
        var tooLong = caller.call("/api/v2/rt/exec", exec)
        tooLong.method = .post
        tooLong.contentType = "application/x-www-form-urlencoded"
        tooLong.body = Array("param=\(Self.tenMegabytes)".utf8)
        for (what, call, error) in [
            (
                "unsigned", unsigned,
                "[401.1]Unauthorized Missing Sign Param: auth_id, timestamp, sign_type and sign are needed"
            ),
            ("wrongly signed", guess.call("/api/v2/rt/exec", exec), "[401.5]Unauthorized Sign Error"),
            (
                "stale", caller.call("/api/v2/rt/exec", exec, age: 200),
                "[401.7]Unauthorized Sign Timeout: timestamp "
            ),
            ("repeated nonce", once, "[401.5]Unauthorized Sign Error: this nonce was used before"),
            (
                "app out of scope", try call(by: keys.app),
                "[401.6]Unauthorized AuthId Permission Denied: key \"\(keys.app.id)\" has no right to app \"hello\""
            ),
            (
                "function out of scope", try call(by: keys.function),
                "[401.6]Unauthorized AuthId Permission Denied: key \"\(keys.function.id)\" has no right to function "
            ),
            (
                "agent out of scope", try call(by: keys.agent),
                "[401.6]Unauthorized AuthId Permission Denied: key \"\(keys.agent.id)\" has no right to agent "
            ),
            ("unknown agent", try call(["ip": "127.0.0.9"]), "[410.0]Send Job To Agent Fail"),
            (
                "unknown app", try call(["app": "helo"]),
                "[413.2]App Not Found: no app \"helo\"; did you mean \"hello\"?"
            ),
            (
                "unknown function", try call(["func": "nope"]),
                "[403.7]Request Params (func) Illegal: app \"hello\" has no function \"nope\""
            ),
            ("param not JSON", try call(["param": "{'a': 1}"]), "[403.2]Request Params (param) Illegal: param"),
            (
                "10 MB", tooLong,
                "[403.2]Request Params (param) Illegal: the body is longer than 4194304 bytes"
            ),
        ] {
            let answer = try await caller.send(call)
            #expect(answer.json["flag"] == "false" && answer.result == nil, "\(what): \(answer)")
            #expect(answer.json["error"]?.string?.hasPrefix(error) == true, "\(what): \(answer)")
        }
    }

    // MARK: Packages

    private func wrongPackages(_ running: RunningCenter) async throws {
        let center = try running.client()
        let bomb = running.folder.appending(path: "bomb.zip")
        let deflating = """
            import sys, zipfile
            with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as file:
                file.writestr("app.yaml", sys.argv[2])
                file.writestr("worker.py", "x")
                file.writestr("zeros", bytes(40 << 20))
            """
        let made = try await running.shell(
            "python3 -c '\(deflating)' '\(bomb.path(percentEncoded: false))' '\(RawZip.hello)'")
        #expect(made.status == 0, "\(made)")
        func with(_ path: String, _ content: String = "x", mode: UInt32 = 0o100644) -> [UInt8] {
            var zip = RawZip.valid
            zip.add(path, content, mode: mode)
            return zip.bytes()
        }
        for (package, status, code, words) in [
            (with("../evil"), 400, "package.path.escape", "../evil"),
            (with("/etc/passwd"), 400, "package.path.absolute", "/etc/passwd"),
            (with("odd", "../../etc/passwd", mode: 0o120777), 400, "package.link.unsupported", "odd"),
            (Array(try Data(contentsOf: bomb)), 413, "package.bomb", "200 times"),
            (with("WORKER.py"), 400, "package.caseClash", "WORKER.py"),
        ] {
            let error = await #expect(throws: CenterError.self) {
                _ = try await center.push(zip: package, filename: "hello.zip")
            }
            guard case .problem(let problem)? = error else { continue }
            #expect(problem.status == status && problem.code == code, "\(problem)")
            #expect(problem.detail.contains(words), "\(problem)")
        }
        let apps = try await center.apps()
        #expect(apps.map(\.app) == ["hello"] && apps.first?.versions == ["1.0.0"], "nothing of them is stored")
    }

    // MARK: Connections

    /// A head has 15 s, however it trickles in; nobody is answered who has not asked.
    private func slowHead(_ running: RunningCenter) async throws {
        let socket = try await RawSocket(port: try #require(running.readyURL?.port))
        let start = ContinuousClock.now
        try await socket.send("GET /healthz HTTP/1.1\r\nX: ")
        let answer = try await socket.readToEnd { try await socket.send("x") }
        #expect(answer.isEmpty, "\(answer)")
        #expect((.seconds(14) ... .seconds(25)).contains(ContinuousClock.now - start))
    }
}
