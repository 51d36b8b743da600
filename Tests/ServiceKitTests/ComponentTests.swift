import ElvesClient
import ElvesContracts
import Foundation
import Identity
import Logging
import NIOCore
import NIOPosix
import ServiceCore
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing
import Thrift
import ThriftNIO

@testable import ServiceKit

/// A component as its program runs it: health over HTTP, Thrift over mutual TLS, stopped in order.
@Suite(.serialized, .timeLimit(.minutes(1))) struct ComponentTests {
    @Test func itIsReadyWhileItsPeersAreConnected() async throws {
        let authority = try TestAuthority()
        let place = try await Place(authority, peers: ["supervisor"])
        let supervisor = try #require(place.peers["supervisor"])
        let client = try place.component.client("supervisor")
        let running = place.run([ThriftClientService(client), try place.component.server([Planted()])])

        try await eventually("it says what it misses") {
            try await place.get("readyz") == (503, "not connected to supervisor\n")
        }
        #expect(try await place.get("healthz") == (200, "ok\n"))
        let caller = try await place.dial(authority)
        let status = try await ComponentServiceClient(caller).status()
        #expect(status.role == "heartbeat" && !status.ready && status.reason == "not connected to supervisor")

        let server = ThriftServer([], security: try authority.identity("supervisor").server(), group: .singleton)
        _ = try await server.listen(on: .tcp(host: "127.0.0.1", port: supervisor))
        try await eventually("it is ready", within: .seconds(20)) { try await place.get("readyz") == (200, "ready\n") }
        #expect(try await ComponentServiceClient(caller).status().ready)
        await server.close()
        try await eventually("it is no longer ready") { try await place.get("readyz").status == 503 }
        #expect(try await place.get("healthz").status == 200)

        let metrics = try PrometheusText(try await place.get("metrics").body)
        let calls = metrics.value("elves_thrift_call_seconds_count", ["method": "ComponentService:status"])
        #expect(calls == 2)
        try await place.stop(running)
    }

    @Test func aStopTakesNoMoreAndLetsCallsEnd() async throws {
        let authority = try TestAuthority()
        let place = try await Place(authority)
        let planted = Planted()
        let running = place.run([try place.component.server([planted])])
        try await eventually("it listens") { (try? await place.get("readyz").status) == 200 }
        let caller = try await place.dial(authority)
        let call = Task { try await caller.call(Planted.holds, options: CallOptions()) { _ in } }
        try await eventually("the call is served") { planted.gate.count == 1 }

        await place.triggerStop()
        try await eventually("nobody is let in") {
            do {
                try await place.dial(authority).close()
                return false
            } catch {
                return true
            }
        }
        #expect(caller.isOpen)
        planted.gate.open()
        #expect(try await call.value != nil, "the call was answered")
        try await running.value
        #expect(place.log.last?.contains("\"message\":\"stopped\"") == true)
        try await eventually("the caller hears of it") { !caller.isOpen }
        try await place.component.group.shutdownGracefully()
    }

    @Test func aPartThatFailsEndsAll() async throws {
        struct Broken: Service {
            let gate: Planted.Gate
            func run() async throws {
                await gate.pass()
                throw SettingError(key: "part", problem: "broke")
            }
        }
        let authority = try TestAuthority()
        let place = try await Place(authority)
        let gate = Planted.Gate()
        let running = place.run([Broken(gate: gate), try place.component.server([Planted()])])
        try await eventually("it listens") { (try? await place.get("readyz").status) == 200 }
        try await eventually("the part runs") { gate.count == 1 }
        gate.open()
        let error = await #expect(throws: SettingError.self) { try await running.value }
        #expect(error?.problem == "broke")
        await #expect(throws: ThriftError.self) { _ = try await place.dial(authority) }
        try await place.component.group.shutdownGracefully()
    }

    @Test func aPartThatEndsStopsAll() async throws {
        let authority = try TestAuthority()
        let place = try await Place(authority)
        let gate = Planted.Gate()
        let running = place.run([LoopService { await gate.pass() }, try place.component.server([Planted()])])
        try await eventually("it listens") { (try? await place.get("readyz").status) == 200 }
        try await eventually("the part runs") { gate.count == 1 }
        gate.open()
        try await running.value
        #expect(place.log.last?.contains("\"message\":\"stopped\"") == true)
        try await place.component.group.shutdownGracefully()
    }

    @Test func withoutACertificateItDoesNotStart() async throws {
        let settings = try await ComponentSettings(arguments: ["x", "--tls-certificate", "/nowhere"], environment: [:])
        let error = #expect(throws: SettingError.self) {
            try Component(role: "heartbeat", settings: settings, logger: Logger(label: "test"))
        }
        #expect(error?.key == "tls.key")
    }
}

/// A component with ports of its own, and what it logs.
private final class Place: Sendable {
    let component: Component
    /// The ports at which its peers are to listen, by role.
    let peers: [String: Int]
    private let thrift: Int
    private let http: Int
    private let lines: Lines
    private let group = Mutex<ServiceGroup?>(nil)

    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    init(_ authority: TestAuthority, peers names: [String] = []) async throws {
        thrift = try await Self.freePort()
        http = try await Self.freePort()
        var peers: [String: Int] = [:]
        for name in names { peers[name] = try await Self.freePort() }
        self.peers = peers
        let files = try authority.files("heartbeat")
        var flags = [
            "elves-heartbeat", "--listen", "127.0.0.1:\(thrift)", "--health-listen", "127.0.0.1:\(http)",
            "--tls-certificate", files.certificate, "--tls-key", files.key, "--tls-ca", files.authority,
        ]
        for (name, port) in peers { flags += ["--peers-\(name)", "127.0.0.1:\(port)"] }
        let lines = Lines()
        self.lines = lines
        component = try Component(
            role: "heartbeat", settings: try await ComponentSettings(arguments: flags, environment: [:]),
            logger: Logger(label: "heartbeat") { label in
                ElvesLogHandler(label: label, level: .info, format: .json) { line in
                    lines.all.withLock { $0.append(line) }
                }
            })
    }

    var log: [String] { lines.all.withLock { $0 } }

    func run(_ parts: [any Service]) -> Task<Void, any Error> {
        Task { try await component.run(parts, until: []) { started in group.withLock { $0 = started } } }
    }

    func triggerStop() async { await group.withLock { $0 }?.triggerGracefulShutdown() }

    func stop(_ running: Task<Void, any Error>) async throws {
        await triggerStop()
        try await running.value
        try await component.group.shutdownGracefully()
    }

    func dial(_ authority: TestAuthority) async throws -> ThriftConnection {
        try await ThriftDialer(
            .tcp(host: "127.0.0.1", port: thrift), security: authority.identity("openapi").client(),
            expecting: "heartbeat", group: .singleton
        ).dial()
    }

    func get(_ path: String) async throws -> (status: Int, body: String) {
        let url = try #require(URL(string: "http://127.0.0.1:\(http)"))
        do {
            let call = Call(.get, [path], headers: [("Connection", "close")])
            let reply = try await ElvesCenter(url: url, credentials: nil).exchange(call)
            return (reply.status, String(decoding: reply.body, as: UTF8.self))
        } catch {
            // Not listening yet.
            return (0, "\(error)")
        }
    }

    private static func freePort() async throws -> Int {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(channel.localAddress?.port)
        try await channel.close()
        return port
    }
}
