package import Thrift

/// How a connection behaves.
package struct ConnectionOptions: Sendable {
    /// Protocol of the calls that this side makes; answers come in the protocol of the question.
    package var encoding: ThriftEncoding = .binary
    package var limits: ThriftLimits = .standard
    /// Calls that this side may have in flight; one more fails with `overloaded`.
    package var callsOut = 4096
    /// Calls of the peer that run here at once; one more is answered with `overloaded`.
    package var callsIn = 4096
    /// Bytes that wait to be sent; past it new calls fail with `overloaded`.
    package var outboxBytes = 64 * 1024 * 1024
    /// Longest wait for an answer, unless the call says otherwise.
    package var defaultTimeout: Duration = .seconds(30)
    /// Silence after which the peer is pinged; after two such spans without a byte it counts as gone.
    package var keepAlive: Duration = .seconds(15)
    /// Longest wait for handshake and hello.
    package var helloTimeout: Duration = .seconds(10)
    /// Whether the first call must be a hello. Off only for peers that are not Elves.
    package var requiresHello = true
    /// What this side says of itself.
    package var hello = Hello(oldest: 1, newest: 1, features: [], instance: "", epoch: 0, version: "")

    /// Creates the options of an ordinary Elves connection.
    package init() {}
}
