import ElvesClient
import ElvesContracts
import Foundation
import Identity
import NIOPosix
import NIOSSL
import ServiceCore
import Synchronization
import TestSupport
import Testing
import Thrift
import ThriftNIO

/// Every method of every program, called as every role and as nobody, over real mutual TLS.
///
/// The arguments make no sense, so that no call does anything: one that is allowed fails when they are decoded,
/// and one that is refused must be refused before that. Each is sent once more as oneway, which nobody answers:
/// there the program's own count says what it refused.
@Suite(.serialized, .timeLimit(.minutes(5))) struct AuthorizationTests {
    private static let agentID = "00a1b2c3d4e5f607"

    @Test func theTableHasARowForEveryMethod() throws {
        let generated = AuthorizationTable.services.joined().map(\.wireName)
        #expect(Set(generated) == Set(AuthorizationTable.allowed.keys))
        for (method, roles) in AuthorizationTable.allowed {
            #expect(roles.isSubset(of: AuthorizationTable.roles + ["local"]), "\(method)")
        }
    }

    /// A service that is new in `proto/` has to be entered here, and with that gets its rows.
    @Test func noServiceIsLeftOut() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "proto")
        var written: [String] = []
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        where file.pathExtension == "thrift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            written += text.matches(of: #/(?m)^service (\w+)/#).map { String($0.1) }
        }
        let known = (AuthorizationTable.services + AuthorizationTable.foreign).compactMap(\.first?.service)
        #expect(known.sorted() == written.sorted())
    }

    @Test func everyMethodOfTheCenterAsEveryRoleAndAsNobody() async throws {
        let running = try await RunningCenter.start(agents: 1)
        let authority = try TestAuthority(ofCenterIn: running.dataPath)
        for program in ["openapi", "scheduler", "heartbeat", "supervisor"] {
            let address = try running.address(of: program)
            let watch = try await ThriftDialer(
                address, security: identity("operator", authority).client(), expecting: program, group: .singleton
            ).dial()
            for role in AuthorizationTable.roles {
                let identity = try self.identity(role, authority)
                let connection = try await ThriftDialer(
                    address, security: identity.client(), expecting: program, group: .singleton
                ).dial()
                await judge(connection, as: role, at: program)
                try await judgeOneway(connection, as: role, at: program, watchedBy: watch)
                connection.close()
            }
            watch.close()
            try await nobodyIsHeard(at: address, trusting: authority)
        }
        for socket in ["run/runner.sock", "run/agent.sock"] {
            let path = "\(running.dataPath)/agents/1/\(socket)"
            let connection = try await ThriftDialer(
                .unix(path: path), security: .plaintext(peer: .local), group: .singleton
            ).dial()
            await judge(connection, as: "local", at: socket)
            connection.close()
            if geteuid() == 0 { #expect(try Self.connectAsNobody(path) == "EACCES\n") }
        }
        // All of that did nothing, and nobody minds.
        #expect(try await running.client().run("hello", "greet", on: "127.0.0.1").state == .succeeded)
        #expect(try await running.client().keys().count == 1)
    }

    @Test func anAgentServesItsSchedulerAndItsHeartbeatAndNobodyElse() async throws {
        let authority = try TestAuthority()
        let files = try authority.files("agent", Self.agentID, ip: "127.0.0.77")
        let (scheduler, heartbeat) = (
            try await FakeComponent("scheduler", authority), try await FakeComponent("heartbeat", authority)
        )
        let agent = try RunningAgent(files, scheduler: scheduler.address, heartbeat: heartbeat.address)
        await judge(try await scheduler.connection(), as: "scheduler", at: "agent")
        await judge(try await heartbeat.connection(), as: "heartbeat", at: "agent")
        #expect(agent.process.isRunning)

        let others = [("heartbeat", "scheduler"), ("openapi", "agent"), ("stranger", "supervisor")]
        for (first, second) in others {
            let (left, right) = (try await FakeComponent(first, authority), try await FakeComponent(second, authority))
            let wary = try RunningAgent(files, scheduler: left.address, heartbeat: right.address)
            try await eventually("it says whom it expected:\n\(wary.log)", within: RunningCenter.patience) {
                wary.log.contains("is \(left.name), expected the role scheduler")
                    && wary.log.contains("is \(right.name), expected the role heartbeat")
            }
            #expect(left.connections.isEmpty && right.connections.isEmpty)
            await left.close()
            await right.close()
        }
        await scheduler.close()
        await heartbeat.close()
    }

    /// The table alone, should an agent ever not look whom it dialled.
    @Test func anAgentsTableRefusesEveryOtherRole() async throws {
        final class Idle: AgentServiceHandler {
            let done = Mutex<[String]>([])
            func run(task: RunTask, context: CallContext) async throws -> TaskResult {
                done.withLock { $0.append("run") }
                return TaskResult()
            }
            func kill(taskId: Int64, reason: String, context: CallContext) async throws {
                done.withLock { $0.append("kill") }
            }
            func refresh(generation: Int64, context: CallContext) async throws {
                done.withLock { $0.append("refresh") }
            }
        }
        let authority = try TestAuthority()
        let agent = try authority.identity("agent", Self.agentID, ip: "127.0.0.77")
        for role in AuthorizationTable.roles {
            let component = try await FakeComponent(role, authority)
            let idle = Idle()
            let connection = try await ThriftDialer(
                component.address, security: agent.client(), services: [AgentServiceProcessor(idle)],
                group: .singleton
            ).dial()
            let back = try await component.connection()
            await judge(back, as: role, at: "agent")
            #expect(idle.done.withLock { $0 } == [], "\(role)")
            // With arguments that make sense, and as oneway: what is refused has no effect.
            let silent = AgentServiceClient(Oneway(back))
            try await silent.refresh(generation: 7)
            _ = try? await silent.run(task: RunTask(taskId: 1, app: "hello", func: "greet"))
            try? await silent.kill(taskId: 1, reason: "")
            // Answered after those before it were served.
            try await ChannelServiceClient(back).ping()
            let effects = ["scheduler": ["run", "kill"], "heartbeat": ["refresh"]]
            #expect(idle.done.withLock { $0 } == effects[role] ?? [], "\(role)")
            connection.close()
            await component.close()
        }
    }

    private func identity(_ role: String, _ authority: TestAuthority) throws -> TLSIdentity {
        guard role == "agent" else { return try authority.identity(role, "\(role)-9") }
        return try authority.identity(role, Self.agentID, ip: "127.0.0.77")
    }

    /// Calls every method there is and compares with the table.
    private func judge(_ connection: ThriftConnection, as role: String, at program: String) async {
        for method in (AuthorizationTable.services + AuthorizationTable.foreign).joined() {
            let expected = AuthorizationTable.expected(method, by: role, at: program)
            let found = await outcome(of: method, on: connection)
            #expect(found == expected, "\(method.wireName) at \(program) as \(role)")
        }
    }

    /// Sends every method as oneway. Those that the role may not call are counted as refused, each once, and
    /// the connection goes on.
    private func judgeOneway(
        _ connection: ThriftConnection, as role: String, at program: String, watchedBy watch: ThriftConnection
    ) async throws {
        let methods = (AuthorizationTable.services + AuthorizationTable.foreign).joined()
        let before = try await ComponentServiceClient(watch).status().numbers
        for method in methods {
            _ = try await Oneway(connection).call(method, options: CallOptions()) { writer in
                for _ in 1...8 { writer.put(0x7F) }
            }
        }
        // Answered after those before it were served.
        try await ChannelServiceClient(connection).ping()
        let after = try await ComponentServiceClient(watch).status().numbers
        for method in AuthorizationTable.services.joined() {
            let series = "elves_thrift_failures_total{method=\"\(method.wireName)\",code=\"denied\"}"
            let refused = AuthorizationTable.expected(method, by: role, at: program) == .denied
            #expect(
                after[series, default: 0] - before[series, default: 0] == (refused ? 1 : 0),
                "\(method.wireName) as oneway at \(program) as \(role)")
        }
    }

    /// How a call with arguments that make no sense ends. Also of a oneway method the answer is wanted.
    private func outcome(of method: MethodDescriptor, on caller: any ThriftCaller) async -> ThriftError.Code? {
        let asked = MethodDescriptor(service: method.service, method: method.method, roles: [])
        do {
            _ = try await caller.call(asked, options: CallOptions(timeout: .seconds(20))) { writer in
                for _ in 1...8 { writer.put(0x7F) }
            }
            return nil
        } catch {
            return (error as? ThriftError)?.code
        }
    }

    /// Sends every call as oneway, whatever the IDL says of its method.
    private struct Oneway: ThriftCaller {
        let connection: ThriftConnection

        init(_ connection: ThriftConnection) { self.connection = connection }

        func call(
            _ method: MethodDescriptor, options: CallOptions, arguments: (inout ThriftWriter) -> Void
        ) async throws -> ThriftReply? {
            let silent = MethodDescriptor(service: method.service, method: method.method, oneway: true, roles: [])
            return try await connection.call(silent, options: options, arguments: arguments)
        }
    }

    /// Without a certificate, and without TLS, no call arrives.
    private func nobodyIsHeard(at address: ThriftAddress, trusting authority: TestAuthority) async throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        let root = try NIOSSLCertificate(bytes: Array(authority.authority.certificate.utf8), format: .pem)
        configuration.trustRoots = .certificates([root])
        configuration.certificateVerification = .noHostnameVerification
        let bare = TransportSecurity.mutualTLS(try NIOSSLContext(configuration: configuration))
        for (security, code) in [
            (bare, ThriftError.Code.identityMissing), (.plaintext(peer: .local), .invalidData),
        ] {
            let polite = ThriftDialer(address, security: security, group: .singleton)
            let error = await #expect(throws: ThriftError.self) { _ = try await polite.dial() }
            #expect(error?.code == code, "\(address): \(error?.message ?? "")")
            var options = ConnectionOptions()
            options.requiresHello = false
            let rude = try? await ThriftDialer(address, security: security, options: options, group: .singleton).dial()
            for method in AuthorizationTable.services.joined() {
                guard let rude else { break }
                let found = await outcome(of: method, on: rude)
                #expect(found == .connectionLost || found == .notConnected, "\(method.wireName) at \(address)")
            }
        }
    }

    /// What another user of the machine gets who dials the socket.
    private static func connectAsNobody(_ path: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = [
            "-c",
            """
            import errno, os, socket, sys
            os.setgid(65534); os.setuid(65534)
            try: socket.socket(socket.AF_UNIX).connect(sys.argv[1]); print("connected")
            except OSError as error: print(errno.errorcode[error.errno])
            """, path,
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: text, as: UTF8.self)
    }
}
