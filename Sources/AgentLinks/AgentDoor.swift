package import Thrift
package import ThriftNIO

/// Lets agents' connections in, and takes them out when they end.
///
/// `admit` is the listener's hook between hello and welcome; `run` watches the connections that were let in.
/// Peers of other roles pass: the method table says what they may do.
package final class AgentDoor<Link: AgentLink>: Sendable {
    private let connect: @Sendable (AgentWire) async throws(AgentRefusal) -> Link
    private let disconnect: @Sendable (Link) -> Void
    private let admitted: AsyncStream<(ThriftConnection, Link)>
    private let admittedInput: AsyncStream<(ThriftConnection, Link)>.Continuation

    /// Creates a door to a component.
    ///
    /// - Parameters:
    ///   - connect: takes the agent in, or says why not.
    ///   - disconnect: the connection has ended; called once for each that was taken in.
    package init(
        connect: @escaping @Sendable (AgentWire) async throws(AgentRefusal) -> Link,
        disconnect: @escaping @Sendable (Link) -> Void
    ) {
        self.connect = connect
        self.disconnect = disconnect
        (admitted, admittedInput) = AsyncStream.makeStream()
    }

    /// Lets the connection in; throws the reason when its agent is not wanted.
    package func admit(_ connection: ThriftConnection) async throws(ThriftError) {
        guard connection.peer.role == "agent" else { return }
        let wire = try AgentWire(connection)
        do throws(AgentRefusal) {
            admittedInput.yield((connection, try await connect(wire)))
        } catch {
            throw ThriftError(error.wireCode, error.message)
        }
    }

    /// Watches connections until the task is cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for await (connection, link) in admitted {
                group.addTask {
                    await connection.waitForClose()
                    self.disconnect(link)
                }
            }
        }
    }
}
