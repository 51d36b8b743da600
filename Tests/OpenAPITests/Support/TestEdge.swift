import Crypto
import ElvesContracts
import ElvesCore
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Synchronization

@testable import OpenAPI

/// An edge in front of fakes, with keys, apps and a clock that the test moves.
struct TestEdge: Sendable {
    /// 2026-01-02T03:04:05Z.
    static let start: Int64 = 1_767_323_045_000

    let scheduler = FakeScheduler()
    let heartbeat = FakeHeartbeat()
    let supervisor = FakeSupervisor()
    let time = TestTime()
    let service: OpenAPIService

    /// - Parameters:
    ///   - without: roles that the center was configured without.
    ///   - pace: how long a wait of any length really takes.
    init(
        limits: EdgeLimits = EdgeLimits(), loaded: Bool = true, without: Set<String> = [], key: ConfiguredKey? = nil,
        pace: Duration = .zero
    ) {
        let time = time
        let clock = EdgeClock(
            wall: { time.wall }, ticks: { time.ticks },
            sleep: { duration in
                time.advance(duration)
                if pace > .zero { try await Task.sleep(for: pace) } else { await Task.yield() }
            })
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        service = OpenAPIService(
            configuration: OpenAPIConfiguration(
                port: 0, instance: "o1", version: "1.0.0", limits: limits,
                timeZone: TimeZone(secondsFromGMT: 8 * 3600) ?? .gmt, key: key),
            ports: Ports(
                scheduler: without.contains("scheduler") ? nil : scheduler,
                heartbeat: without.contains("heartbeat") ? nil : heartbeat,
                supervisor: without.contains("supervisor") ? nil : supervisor),
            clock: clock, logger: logger)
        if loaded {
            service.keys.apply(TestKey.all.map(\.entry), gone: ["revoked"], complete: true, generation: 1)
            service.catalog.apply(Self.catalog)
        }
    }

    static let schema = #"{"type":"object","properties":{"name":{"type":"string","maxLength":5}},"required":["name"]}"#

    static let catalog = CatalogChanges(
        generation: 1, complete: true,
        apps: [
            CatalogApp(
                info: AppInfo(app: "hello", liveVersion: "1.0.0"),
                live: AppVersion(
                    app: "hello", version: "1.0.0",
                    manifest: AppManifest(functions: [
                        AppFunction(name: "greet"), AppFunction(name: "strict", paramSchema: schema),
                        AppFunction(name: "safe", idempotent: true),
                        AppFunction(name: "lenient", timeoutMs: 7000, paramSchema: #"{"type":"object"}"#),
                    ]))),
            CatalogApp(info: AppInfo(app: "elder", liveVersion: "1"), live: AppVersion(app: "elder", version: "1")),
            CatalogApp(info: AppInfo(app: "idle")),
        ])

    /// Runs a body against the routes, without a socket.
    func withRouter<Value: Sendable>(
        _ body: @Sendable (any TestClientProtocol) async throws -> Value
    ) async throws -> Value {
        try await service.application().test(.router) { client in try await body(client) }
    }
}

/// Clocks that stand until they are moved.
final class TestTime: Sendable {
    private let moved = Mutex<Int64>(0)
    private let behind = Mutex<Int64>(0)

    var wall: Int64 { TestEdge.start + moved.withLock { $0 } - behind.withLock { $0 } }
    var ticks: Int64 { moved.withLock { $0 } }

    func advance(_ duration: Duration) { moved.withLock { $0 += duration.milliseconds } }

    /// Someone sets the wall clock.
    func setBack(_ duration: Duration) { behind.withLock { $0 += duration.milliseconds } }
}

/// A key of the tests.
struct TestKey: Sendable {
    var id: String
    var scope = KeyEntry.Scope()
    var legacyMD5 = true
    var requireNonce = false
    var secret: String { "secret of \(id)" }
    var token: String { "token-\(id)" }

    var entry: KeyEntry {
        KeyEntry(
            id: id, scope: scope, legacyMD5: legacyMD5, requireNonce: requireNonce, secret: secret,
            tokenDigest: Array(SHA256.hash(data: Array(token.utf8))))
    }

    static let admin = TestKey(id: "admin", scope: .init(admin: true))
    static let caller = TestKey(id: "caller")
    static let hello = TestKey(id: "hello", scope: .init(apps: ["hello"], agents: ["10.0.0.3", "zone=bj"]))
    static let modern = TestKey(id: "modern", legacyMD5: false)
    static let nonced = TestKey(id: "nonced", requireNonce: true)
    static let greeter = TestKey(id: "greeter", scope: .init(functions: ["greet"]))
    static let localAdmin = TestKey(id: "localAdmin", scope: .init(agents: ["10.0.0.3"], admin: true))
    static let all = [admin, caller, hello, modern, nonced, greeter, localAdmin]

    /// The key's call of `/api/v2`, signed at `seconds`.
    func v2(
        _ path: String, _ parameters: [(String, String)] = [], type: String = "MD5",
        at seconds: Int64 = TestEdge.start / 1000
    ) -> String {
        let all = parameters + [("auth_id", id), ("timestamp", String(seconds))]
        var first: [String: String] = [:]
        for (name, value) in all where first[name] == nil { first[name] = value }
        let text = path + "?" + first.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
        let sign =
            type.uppercased() == "MD5"
            ? Hex.encode(Array(Insecure.MD5.hash(data: Array((text + secret).utf8))))
            : Hex.encode(
                Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: .init(data: Array(secret.utf8)))))
        let pairs = all + [("sign_type", type), ("sign", sign)]
        return path + "?" + Self.form(pairs)
    }

    static func form(_ pairs: [(String, String)]) -> String {
        pairs.map { "\(escape($0.0))=\(escape($0.1))" }.joined(separator: "&")
    }

    private static func escape(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    /// The key's `Authorization` for `/api/v3`.
    func signature(
        _ method: HTTPRequest.Method, _ target: String, body: String = "", nonce: String = "",
        at seconds: Int64 = TestEdge.start / 1000
    ) -> HTTPFields {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let digest = Hex.encode(Array(SHA256.hash(data: Array(body.utf8))))
        let query = parts.count > 1 ? String(parts[1]) : ""
        let lines = [method.rawValue, String(parts[0]), query, String(seconds), nonce, digest]
        let text = lines.joined(separator: "\n")
        let code = HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: .init(data: Array(secret.utf8)))
        return [
            .authorization:
                "ELVES-HMAC-SHA256 auth_id=\(id), timestamp=\(seconds), nonce=\(nonce), signature=\(Hex.encode(Array(code)))"
        ]
    }

    var bearer: HTTPFields { [.authorization: "Bearer \(token)"] }
}

extension TestClientProtocol {
    /// Sends a request and reads its answer as JSON.
    func ask(
        _ method: HTTPRequest.Method, _ uri: String, _ headers: HTTPFields = [:], body: String? = nil
    ) async throws -> TestAnswer {
        let response = try await execute(
            uri: uri, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
        return TestAnswer(response)
    }
}

/// An answer whose body was read.
struct TestAnswer: Sendable {
    let status: Int
    let headers: HTTPFields
    let text: String

    init(_ response: TestResponse) {
        status = response.status.code
        headers = response.headers
        text = String(buffer: response.body)
    }

    /// The body; null when it is not JSON.
    var json: JSONValue { (try? JSONValue(parsing: text)) ?? .null }

    /// The code of a problem document.
    var code: String? { json["code"]?.string }

    /// What stands in the brackets of an envelope's error, when the answer is an envelope of a failure.
    var v2Code: String? {
        guard status == 200, json["flag"] == "false", json["result"] == nil, let error = json["error"]?.string,
            error.hasPrefix("["), let end = error.firstIndex(of: "]")
        else {
            return nil
        }
        return String(error[error.index(after: error.startIndex)..<end])
    }
}
