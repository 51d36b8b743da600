import ElvesContracts
import Testing
import Thrift

@Suite struct MessageTests {
    private struct NoCaller: ThriftCaller {
        func call(
            _ method: MethodDescriptor, options: CallOptions, arguments: (inout ThriftWriter) -> Void
        ) async throws -> ThriftReply? {
            throw ThriftError(.notConnected, "there is no peer")
        }
    }

    private struct Component: ComponentServiceHandler {
        let role: String
        func status(context: CallContext) async throws -> ComponentStatus {
            ComponentStatus(role: role, instance: context.header.caller ?? "", ready: true)
        }
    }

    private func frame(_ name: String, _ encoding: ThriftEncoding) -> [UInt8] {
        let parts = name.split(separator: ":").map(String.init)
        var writer = ThriftWriter(encoding)
        writer.beginMessage(.call, name: name, sequence: -7)
        let outer = writer.beginStruct()
        writer.field(.struct, CallHeader.fieldID)
        CallHeader(caller: parts.last).write(to: &writer)
        writer.endStruct(outer)
        return writer.bytes()
    }

    private func answer(
        _ name: String, _ encoding: ThriftEncoding = .binary, from role: String = "openapi",
        by services: [any ThriftService] = [ComponentServiceProcessor(Component(role: "r"))]
    ) async throws -> ThriftMessage {
        let frame = frame(name, encoding)
        let bytes = await ThriftRouter(services).answer(
            frame, message: try ThriftMessage(parsing: frame), peer: PeerIdentity(role: role, instance: "i"),
            caller: NoCaller())
        return try ThriftMessage(parsing: Array(try #require(bytes).dropFirst(4)))
    }

    @Test func openingsAreThoseOfTheSpecifications() throws {
        #expect(
            frame("a:b", .binary).prefix(15) == [0x80, 1, 0, 1, 0, 0, 0, 3, 0x61, 0x3A, 0x62, 0xFF, 0xFF, 0xFF, 0xF9])
        #expect(
            frame("a:b", .compact).prefix(11) == [0x82, 0x21, 0xF9, 0xFF, 0xFF, 0xFF, 0x0F, 3, 0x61, 0x3A, 0x62])
        for encoding in [ThriftEncoding.binary, .compact] {
            let message = try ThriftMessage(parsing: frame("a:b", encoding))
            #expect(message.name == "a:b" && message.sequence == -7 && message.type == .call)
        }
    }

    @Test(arguments: [ThriftEncoding.binary, .compact])
    func answersCarryTheBareNameAndTheNumberOfTheCall(encoding: ThriftEncoding) async throws {
        for name in ["ComponentService:status", "status"] {
            let reply = try await answer(name, encoding)
            #expect(reply.type == .reply)
            #expect(reply.name == "status")
            #expect(reply.sequence == -7)
            #expect(reply.encoding == encoding)
        }
    }

    @Test func whoIsNotInTheTableIsDenied() async throws {
        #expect(try await answer("ComponentService:status", from: "agent").type == .exception)
        #expect(try await answer("ComponentService:status", from: "none").type == .exception)
    }

    @Test func aBareNameThatTwoServicesHaveFindsNeither() async throws {
        struct Other: ThriftService {
            static var serviceName: String { "Other" }
            let methods = [
                ThriftMethod(MethodDescriptor(service: "Other", method: "status", roles: ["any"])) { call in
                    call.answer { _ in }
                }
            ]
        }
        let both: [any ThriftService] = [ComponentServiceProcessor(Component(role: "r")), Other()]
        #expect(try await answer("status", by: both).type == .exception)
        #expect(try await answer("Other:status", by: both).type == .reply)
    }

    @Test func anUnknownMethodIsAnException() async throws {
        #expect(try await answer("ComponentService:nope").type == .exception)
        #expect(try await answer("nope").name == "nope")
    }
}
