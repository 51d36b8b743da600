import ElvesCore
package import Thrift
package import ThriftNIO

/// An agent's connection as the channel gives it: who dialled, and how to call back.
package struct AgentWire: Sendable {
    package let agent: AgentIdentity
    package let caller: any ThriftCaller
    /// Which start of its machine the agent said it runs in; empty when it said nothing. A fact, not its identity.
    package let boot: String
    /// How many tasks the agent said it runs at once; nil when it did not say.
    package let maxRunning: Int?
    /// Where tasks that wait for the agent's answers wake without a change of thread; nil for anywhere.
    package let executor: (any TaskExecutor)?
    private let open: @Sendable () -> Bool
    private let end: @Sendable () -> Void

    /// Takes over a connection whose peer proved to be an agent; throws `refused` for any other peer.
    package init(_ connection: ThriftConnection) throws(ThriftError) {
        try self.init(
            peer: connection.peer, caller: connection, boot: connection.hello.boot ?? "",
            maxRunning: connection.hello.maxRunning.map(Int.init),
            executor: connection.executor, isOpen: { connection.isOpen },
            close: { connection.close() })
    }

    /// Takes over a connection in parts, as in-process transports have them.
    package init(
        peer: PeerIdentity, caller: any ThriftCaller, boot: String = "", maxRunning: Int? = nil,
        executor: (any TaskExecutor)? = nil,
        isOpen: @escaping @Sendable () -> Bool = { true },
        close: @escaping @Sendable () -> Void = {}
    ) throws(ThriftError) {
        agent = try AgentIdentity(peer)
        self.caller = caller
        self.boot = boot
        self.maxRunning = maxRunning.flatMap { $0 > 0 ? $0 : nil }
        self.executor = executor
        open = isOpen
        end = close
    }

    /// Whether calls can still be sent.
    package var isOpen: Bool { open() }

    /// Asks for a sign of life.
    package func answers(within limit: Duration) async -> Bool {
        do {
            try await ChannelServiceClient(caller).ping(options: CallOptions(timeout: limit))
            return true
        } catch {
            return false
        }
    }

    /// Closes the connection.
    package func close() { end() }
}

extension AgentIdentity {
    /// The identity that the peer's certificate proves; throws `refused` when it is no agent's.
    package init(_ peer: PeerIdentity) throws(ThriftError) {
        guard peer.role == "agent" else {
            throw ThriftError(.refused, "\(peer) is no agent")
        }
        guard let id = ElvesID(peer.instance) else {
            throw ThriftError(
                .refused, "the certificate of \(peer) should name the agent by an id of 16 hex digits")
        }
        guard let ip = peer.ip, !ip.isEmpty else {
            throw ThriftError(.refused, "the certificate of \(peer) should name the agent's ip")
        }
        self.init(id: id, ip: ip)
    }
}
