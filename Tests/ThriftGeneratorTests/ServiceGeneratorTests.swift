import Testing
import ThriftGenerator

@Suite struct ServiceGeneratorTests {
    private static let service = """
        <exception name="Fault"><field name="why" field-id="1" type="string" /></exception>
        <service name="Base"><method name="ping"><returns type="void" /><annotation key="roles" value="any" /></method></service>
        <service name="Peer" parent-module="snippet" parent-id="Base">
          <method name="sum" doc="Adds."><returns type="i64" />
            <arg name="writer" field-id="1" type="i64" />
            <throws name="fault" field-id="1" type="id" type-module="snippet" type-id="Fault" />
            <annotation key="roles" value="openapi, queue" />
          </method>
          <method name="tell" oneway="true"><returns type="void" /><annotation key="roles" value="agent" /></method>
        </service>
        """

    @Test func theTableNamesRolesAndInheritedMethods() throws {
        let text = try Snippet.swift(Self.service)
        #expect(
            text.contains(
                """
                package enum PeerMethods {
                    package static let ping = MethodDescriptor(service: "Peer", method: "ping", roles: ["any"])
                    package static let sum = MethodDescriptor(service: "Peer", method: "sum", roles: ["openapi", "queue"])
                    package static let tell = MethodDescriptor(service: "Peer", method: "tell", oneway: true, roles: ["agent"])
                    /// Every method.
                    package static let all: [MethodDescriptor] = [ping, sum, tell]
                }
                """))
    }

    @Test func handlersInheritAndClientsCallEverything() throws {
        let text = try Snippet.swift(Self.service)
        #expect(
            text.contains(
                """
                package protocol PeerHandler: BaseHandler {
                    /// Adds.
                    func sum(writer: Int64, context: CallContext) async throws -> Int64
                    func tell(context: CallContext) async throws
                }
                """))
        #expect(
            text.contains(
                """
                    package func sum(writer: Int64, options: CallOptions = CallOptions()) async throws -> Int64 {
                        let reply = try await self.caller.call(PeerMethods.sum, options: options) { writer_ in
                            writer_.field(.i64, 1)
                            writer_.writeInt64(writer)
                        }
                """))
        #expect(text.contains("_ = try await self.caller.call(PeerMethods.tell, options: options) { _ in }"))
    }

    @Test func theProcessorAnswersDeclaredExceptions() throws {
        let text = try Snippet.swift(Self.service)
        #expect(text.contains("package struct PeerProcessor<Handler: PeerHandler>: ThriftService {"))
        #expect(
            text.contains(
                """
                        } catch let thrown1 as Fault {
                            return call.answer { writer in
                                writer.field(.struct, 1)
                                thrown1.write(to: &writer)
                            }
                        }
                """))
    }

    @Test func aMethodWithoutRolesIsAnError() throws {
        let body = #"<service name="S"><method name="m"><returns type="void" /></method></service>"#
        let error = try #require(Snippet.error(body))
        #expect(error.contains("S.m does not say who may call it"))
        let text = try Snippet.swift(body, options: .init(documentsWithoutRoles: ["snippet"]))
        #expect(text.contains("roles: []"), "then nobody may")
    }
}
