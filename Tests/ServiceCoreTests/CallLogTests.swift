import ElvesCore
import Logging
import ServiceCore
import Synchronization
import Testing
import Thrift
import ThriftInProcess

/// What a program says of the calls that it serves.
@Suite struct CallLogTests {
    private static let works = MethodDescriptor(service: "Planted", method: "works", roles: ["openapi"])
    private static let breaks = MethodDescriptor(service: "Planted", method: "breaks", roles: ["openapi"])
    private static let dies = MethodDescriptor(service: "Planted", method: "dies", roles: ["openapi"])
    private static let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    private struct Planted: ThriftService {
        static let serviceName = "Planted"
        struct Death: Error {}

        let methods = [
            ThriftMethod(works) { $0.answer { _ in } },
            ThriftMethod(breaks) { _ in throw ThriftError(.overloaded, "too much") },
            ThriftMethod(dies) { _ in throw Death() },
        ]
    }

    private final class Written: Sendable {
        let lines = Mutex<[String]>([])
    }

    /// The lines that these calls leave at a level, as JSON.
    private func lines(_ calls: [(MethodDescriptor, String)], at level: Logger.Level) async throws -> [JSONValue] {
        let written = Written()
        let logger = Logger(label: "scheduler") { label in
            ElvesLogHandler(label: label, level: level, format: .json) { line in
                written.lines.withLock { $0.append(line) }
            }
        }
        let router = ThriftRouter([Planted()], interceptors: [CallLog(logger)])
        for (method, role) in calls {
            let caller = InProcessCaller(router, as: PeerIdentity(role: role, instance: "\(role)-1"))
            _ = try? await caller.call(method, options: CallOptions(trace: Self.trace)) { _ in }
        }
        return try written.lines.withLock { $0 }.map { try JSONValue(parsing: Array($0.dropLast().utf8)) }
    }

    @Test func failuresAreWarningsWithCodeAndTrace() async throws {
        let lines = try await lines(
            [
                (Self.works, "openapi"), (Self.breaks, "openapi"), (Self.dies, "openapi"), (Self.works, "agent"),
            ], at: .info)
        #expect(lines.compactMap { $0["message"]?.string } == Array(repeating: "call failed", count: 3))
        #expect(lines.allSatisfy { $0["level"]?.string == "warning" && $0["trace"]?.string == Self.trace })
        #expect(
            lines.compactMap { $0["code"]?.string } == ["channel.overloaded", "elves.internal", "channel.role.denied"])
        #expect(
            lines.compactMap { $0["thrift.method"]?.string } == ["Planted:breaks", "Planted:dies", "Planted:works"])
        #expect(lines.last?["peer"]?.string == "agent/agent-1")
        #expect(lines.first?["error"]?.string == "too much")
    }

    @Test func answersAreSaidAtDebug() async throws {
        let lines = try await lines([(Self.works, "openapi")], at: .debug)
        #expect(lines.count == 1)
        #expect(lines.first?["message"]?.string == "call served" && lines.first?["level"]?.string == "debug")
        #expect(lines.first?["thrift.method"]?.string == "Planted:works")
        #expect(lines.first?["trace"]?.string == Self.trace)
    }
}
