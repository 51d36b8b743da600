import Crypto
import ElvesCore
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import OpenAPI

@Suite struct V2AuthenticationTests {
    @Test func theContractsVector() throws {
        let parameters = try V2Parameters(query: "key2=value2&key1=value1&timestamp=1234567890&sign=x&sign_type=MD5")
        let text = parameters.signedText(path: "/foo/bar", secret: "testkey")
        #expect(text == "/foo/bar?key1=value1&key2=value2&timestamp=1234567890testkey")
        let key = KeyEntry(
            id: "k", scope: .init(), legacyMD5: true, requireNonce: false, secret: "testkey", tokenDigest: [])
        #expect(key.signsMD5(text, as: Hex.decode("0c3241563d435113d705bd94193d56b5") ?? []))
        #expect(!key.signsMD5(text, as: Hex.decode("0c3241563d435113d705bd94193d56b6") ?? []))
        #expect(!key.signsMD5(text, as: []))
    }

    @Test func canonicalText() throws {
        #expect(try V2Parameters(query: "b=%E4%BD%A0+%2B&a&b=2").signedText(path: "//x") == "/x?a=&b=你 +")
        #expect(try V2Parameters(query: nil).signedText(path: "/x") == "/x?")
        #expect(try V2Parameters(query: "a=1", form: "a=2&c=%zz").signedText(path: "/x") == "/x?a=1&c=%zz")
    }

    /// Each request has the fault of its line and of every later line; only its own code may answer.
    @Test func everyCheckInTheContractsOrder() async throws {
        let edge = TestEdge()
        let now = TestEdge.start / 1000
        let bad32 = String(repeating: "0", count: 32)
        func query(_ id: String, _ timestamp: String, _ type: String, _ sign: String) -> String {
            "auth_id=\(id)&timestamp=\(timestamp)&sign_type=\(type)&sign=\(sign)&app=other&ip=x"
        }
        let cases: [(String, String)] = [
            ("401.1", query("", "x", "SHA9", "1")), ("401.1", query("nobody", "", "SHA9", "1")),
            ("401.1", query("nobody", "x", "%20", "1")), ("401.1", query("nobody", "x", "SHA9", "")),
            ("401.3", query("nobody", "x", "SHA9", "1")), ("401.4", query("nobody", "x", "md5", "1")),
            ("401.8", query("nobody", "x", "MD5", bad32)), ("401.7", query("nobody", "\(now - 180)", "MD5", bad32)),
            ("401.7", query("nobody", "\(now + 180)", "MD5", bad32)),
            ("401.7", query("nobody", "9223372036854775807", "MD5", bad32)),
            ("413.1", query("nobody", "\(now - 179)", "MD5", bad32)),
            ("413.1", query("revoked", "\(now)", "MD5", bad32)), ("401.5", query("hello", "\(now)", "MD5", bad32)),
            ("401.5", query("hello", "\(now)", "hmac-sha256", bad32 + bad32)),
            ("401.5", query("hello", "\(now)", "MD5", String(repeating: "z", count: 32))),
        ]
        try await edge.withRouter { client async throws in
            for (code, query) in cases {
                for path in ["/api/v2/rt/exec", "/api/v2/queue/create", "/api/v2/info/agents"] {
                    let answer = try await client.ask(.get, "\(path)?\(query)")
                    #expect(answer.v2Code == code, "\(path)?\(query): \(answer.text)")
                    #expect(answer.headers[.elvesTrace] != nil)
                }
            }
        }
        #expect(edge.scheduler.executed.isEmpty)
    }

    @Test func scopeModuleAndParametersInTheContractsOrder() async throws {
        let edge = TestEdge()
        let cases: [(String, TestKey, String, [(String, String)])] = [
            ("401.6", .hello, "/api/v2/rt/exec", [("app", "elder"), ("ip", "10.0.0.1"), ("timeout", "x")]),
            ("401.6", .hello, "/api/v2/rt/exec", [("app", "hello"), ("ip", "10.0.0.4"), ("timeout", "x")]),
            ("401.6", .hello, "/api/v2/queue/create", [("app", "elder")]),
            ("402.3", .hello, "/api/v2/queue/create", []), ("402.2", .hello, "/api/v2/cron/add", []),
            ("403.3", .hello, "/api/v2/rt/exec", [("param", "{"), ("timeout", "x")]),
            ("403.7", .hello, "/api/v2/rt/exec", [("app", "hello"), ("param", "{"), ("timeout", "x")]),
            ("403.1", .hello, "/api/v2/rt/exec", [("app", "hello"), ("func", "f"), ("param", "{"), ("timeout", "x")]),
            (
                "403.1", .caller, "/api/v2/rt/exec",
                [("app", "hello"), ("func", "f"), ("ip", "300.1.1.1"), ("param", "{"), ("timeout", "x")]
            ),
            (
                "403.2", .hello, "/api/v2/rt/exec",
                [("app", "hello"), ("func", "f"), ("ip", "10.0.0.3"), ("param", "{"), ("timeout", "x")]
            ),
            (
                "403.8", .hello, "/api/v2/rt/exec",
                [("app", "hello"), ("func", "f"), ("ip", "10.0.0.3"), ("param", "{}"), ("timeout", "x")]
            ),
            (
                "403.8", .caller, "/api/v2/rt/exec",
                [("app", "elder"), ("func", "f"), ("ip", "10.0.0.3"), ("timeout", "-1")]
            ),
            ("402.2", .caller, "/api/v2/info/agents/detail", [("showcron", "true")]),
            ("403.1", .caller, "/api/v2/info/agents/detail", []),
            ("414.1", .caller, "/api/v2/info/agents/detail", [("ip", "10.9.9.9")]),
        ]
        try await edge.withRouter { client async throws in
            for (code, key, path, parameters) in cases {
                let answer = try await client.ask(.get, key.v2(path, parameters))
                #expect(answer.v2Code == code, "\(path) \(parameters): \(answer.text)")
            }
        }
        #expect(edge.scheduler.executed.isEmpty)
    }

    @Test func signTypesAndCase() async throws {
        let edge = TestEdge()
        try await edge.withRouter { client async throws in
            for type in ["MD5", "md5", "HMAC-SHA256", "hmac-sha256"] {
                let answer = try await client.ask(.get, TestKey.caller.v2("/api/v2/info/agents", type: type))
                #expect(answer.json["flag"] == "true", "\(type): \(answer.text)")
            }
            let upper = TestKey.caller.v2("/api/v2/info/agents").replacing(/sign=(.*)$/) { "sign=\($0.1.uppercased())" }
            #expect(try await client.ask(.get, upper).json["flag"] == "true")
            let weak = try await client.ask(.get, TestKey.modern.v2("/api/v2/info/agents"))
            #expect(weak.v2Code == "401.3")
            let strong = try await client.ask(.get, TestKey.modern.v2("/api/v2/info/agents", type: "HMAC-SHA256"))
            #expect(strong.json["flag"] == "true")
        }
    }

    @Test func repeatsPassUnlessTheyHaveANonce() async throws {
        let edge = TestEdge()
        try await edge.withRouter { client async throws in
            let plain = TestKey.caller.v2("/api/v2/info/agents")
            for _ in 1...2 { #expect(try await client.ask(.get, plain).json["flag"] == "true") }
            let once = TestKey.caller.v2("/api/v2/info/agents", [("nonce", "n1")])
            #expect(try await client.ask(.get, once).json["flag"] == "true")
            #expect(try await client.ask(.get, once).v2Code == "401.5")
            let other = TestKey.nonced.v2("/api/v2/info/agents", [("nonce", "n1")])
            #expect(try await client.ask(.get, other).json["flag"] == "true")
            let without = try await client.ask(.get, TestKey.nonced.v2("/api/v2/info/agents"))
            #expect(without.v2Code == "401.1", "\(without.text)")
        }
    }

    @Test(arguments: [1000, 1001])
    func formsOfVeryManyParametersAreRefusedBeforeTheyAreRead(count: Int) async throws {
        let edge = TestEdge()
        let names = (0..<count - 4).map { "p\($0)" }
        let call = TestKey.caller.v2("/api/v2/info/agents", names.map { ($0, "1") })
        let form = String(call.split(separator: "?")[1])
        try await edge.withRouter { client async throws in
            let answer = try await client.ask(.post, "/api/v2/info/agents", body: form)
            #expect(answer.json["flag"] == (count > 1000 ? "false" : "true"), "\(answer.text.prefix(300))")
            #expect(answer.v2Code == (count > 1000 ? "403.2" : nil))
            if count > 1000 { #expect(answer.json["error"]?.string?.contains("more than 1000 parameters") == true) }
            let both = try await client.ask(.post, "/api/v2/info/agents?a=1&b=2", body: form)
            #expect(both.v2Code == "403.2", "query and form are counted together")
        }
    }

    @Test func aNonceFromBeforeTheStartIsRefused() async throws {
        let edge = TestEdge()
        edge.time.advance(.milliseconds(9500))
        let now = TestEdge.start / 1000 + 9
        try await edge.withRouter { client async throws in
            @Sendable func answer(_ parameters: [(String, String)], at seconds: Int64) async throws -> TestAnswer {
                try await client.ask(.get, TestKey.caller.v2("/api/v2/info/agents", parameters, at: seconds))
            }
            // The process before this one may have answered it a moment ago.
            #expect(try await answer([("nonce", "a")], at: now).v2Code == "401.7")
            #expect(try await answer([("nonce", "a")], at: now - 100).v2Code == "401.7")
            #expect(try await answer([], at: now - 100).json["flag"] == "true", "no promise was made for it")
            #expect(try await client.ask(.get, "/readyz").status == 503, "until calls of now are taken")
            edge.time.advance(.milliseconds(500))
            #expect(try await client.ask(.get, "/readyz").status == 200)
            #expect(try await answer([("nonce", "a")], at: now + 1).json["flag"] == "true")
            #expect(try await answer([("nonce", "a")], at: now + 1).v2Code == "401.5")
            edge.time.advance(.seconds(180))
            // Now the window alone decides, also when the clock was set back meanwhile.
            edge.time.setBack(.seconds(185))
            #expect(try await answer([("nonce", "b")], at: now - 4).json["flag"] == "true")
            #expect(try await client.ask(.get, "/readyz").status == 200)
        }
    }

    @Test func aRevocationCountsWhenItArrivesAndOldKeysEnd() async throws {
        let edge = TestEdge()
        try await edge.withRouter { client async throws in
            let call = TestKey.caller.v2("/api/v2/info/agents")
            #expect(try await client.ask(.get, call).json["flag"] == "true")
            edge.service.keys.apply([], gone: ["caller"], complete: false, generation: 2)
            #expect(try await client.ask(.get, call).v2Code == "413.1")
            edge.time.advance(.seconds(601))
            let late = TestKey.hello.v2("/api/v2/info/agents", at: edge.time.wall / 1000)
            #expect(try await client.ask(.get, late).v2Code == "500")
            edge.service.keys.apply([], gone: [], complete: false, generation: 2)
            #expect(try await client.ask(.get, late).json["flag"] == "true")
        }
    }
}
