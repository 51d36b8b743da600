import ElvesContracts
import Synchronization
import Testing
import Thrift
import ThriftInProcess

/// Authorisation comes before everything else, and what no table names nobody may call.
@Suite struct RoleAuthorizationTests {
    private static let roles = [
        "openapi", "scheduler", "heartbeat", "supervisor", "agent", "operator", "local", "none",
    ]

    /// A method that somebody forgot to give roles, and one that is for everyone.
    private struct Planted: ThriftService {
        static let serviceName = "Planted"
        let calls: Calls

        var methods: [ThriftMethod] {
            let table: [(String, [String])] = [("forgotten", []), ("open", ["any"])]
            return table.map { [calls] name, roles in
                ThriftMethod(MethodDescriptor(service: "Planted", method: name, roles: roles)) { call in
                    calls.count.withLock { $0 += 1 }
                    try call.decode { field, reader throws(ThriftError) in try reader.skip(field.type) }
                    return call.answer { _ in }
                }
            }
        }
    }

    private final class Calls: Sendable {
        let count = Mutex(0)
    }

    /// Sees every call, as metrics and logs do.
    private struct Witness: ThriftInterceptor {
        let seen: Seen

        func intercept(
            _ call: ThriftCall, next: (ThriftCall) async throws -> ThriftAnswer?
        ) async throws -> ThriftAnswer? {
            do { return try await next(call) } catch {
                seen.errors.withLock { $0.append((error as? ThriftError)?.code) }
                // What an interceptor makes of a refusal, it remains one.
                return try await next(call)
            }
        }
    }

    private final class Seen: Sendable {
        let errors = Mutex<[ThriftError.Code?]>([])
    }

    private func answer(
        _ router: ThriftRouter, _ method: String, as role: String, _ body: [UInt8], _ encoding: ThriftEncoding
    ) async throws -> ThriftError.Code? {
        var writer = ThriftWriter(encoding)
        writer.beginMessage(.call, name: method, sequence: 1)
        let frame = writer.bytes() + body
        let peer = PeerIdentity(role: role, instance: "x")
        let framed = try #require(
            await router.answer(
                frame, message: try ThriftMessage(parsing: frame), peer: peer,
                caller: InProcessCaller(ThriftRouter([]), as: peer)))
        let reply = Array(framed.dropFirst(4))
        do throws(ThriftError) {
            _ = try ThriftReply(answering: reply, message: ThriftMessage(parsing: reply), limits: .standard)
            return nil
        } catch {
            return error.code
        }
    }

    /// Arguments that are none: wrong types, sizes past the end, nothing at all, a broken call header.
    private static let garbage: [[UInt8]] = [
        [0xFF, 0xFF, 0xFF], [], [0x0B, 0x00, 0x01, 0x7F, 0xFF, 0xFF, 0xFF], [0x0C, 0x7F, 0xFF, 0x0B, 0x00],
        [UInt8](repeating: 0x1C, count: 200),
    ]

    @Test(arguments: [ThriftEncoding.binary, .compact])
    func whatNoTableNamesNobodyMayCall(_ encoding: ThriftEncoding) async throws {
        let calls = Calls()
        let router = ThriftRouter([Planted(calls: calls)])
        for role in Self.roles {
            for body in Self.garbage + [[0]] {
                #expect(try await answer(router, "Planted:forgotten", as: role, body, encoding) == .denied)
                #expect(try await answer(router, "forgotten", as: role, body, encoding) == .denied)
            }
        }
        #expect(calls.count.withLock { $0 } == 0)
    }

    @Test(arguments: [ThriftEncoding.binary, .compact])
    func everyoneIsNotNobody(_ encoding: ThriftEncoding) async throws {
        let router = ThriftRouter([Planted(calls: Calls())])
        for role in Self.roles {
            let expected: ThriftError.Code? = role == "none" ? .denied : nil
            #expect(try await answer(router, "Planted:open", as: role, [0], encoding) == expected)
        }
    }

    @Test(arguments: [ThriftEncoding.binary, .compact])
    func aRefusalComesBeforeAnythingIsDecoded(_ encoding: ThriftEncoding) async throws {
        let agent = ScriptedAgent()
        let router = ThriftRouter([AgentServiceProcessor(agent)])
        for body in Self.garbage {
            #expect(try await answer(router, "AgentService:run", as: "openapi", body, encoding) == .denied)
            #expect(try await answer(router, "AgentService:run", as: "scheduler", body, encoding) == .invalidData)
        }
        #expect(agent.started.withLock { $0 } == 0)
    }

    @Test func refusalsAreSeenByWhatCountsAndLogs() async throws {
        let (seen, agent) = (Seen(), ScriptedAgent())
        let router = ThriftRouter([AgentServiceProcessor(agent)], interceptors: [Witness(seen: seen)])
        #expect(try await answer(router, "AgentService:run", as: "openapi", [0], .binary) == .denied)
        #expect(try await answer(router, "AgentService:run", as: "openapi", [0xFF], .binary) == .denied)
        #expect(seen.errors.withLock { $0 } == [.denied, .denied])
        #expect(agent.started.withLock { $0 } == 0)
    }
}
