internal import Thrift

/// Serves `ChannelService` on a connection: hello, ping, cancel.
struct Greeter: ChannelServiceHandler {
    let mine: Hello
    /// Hears of a peer whose protocol versions do not fit; who is not admitted, `admit` itself knows.
    var turnedAway: @Sendable (ThriftConnection, ThriftError) -> Void = { _, _ in }
    /// Says whether the newcomer is wanted; throws `ThriftError` with code `refused` when not.
    let admit: @Sendable (ThriftConnection) async throws -> Void

    func hello(hello: Hello, context: CallContext) async throws -> Welcome {
        guard let connection = context.caller as? ThriftConnection else {
            throw ThriftError(.refused, "hello is for connections")
        }
        let newest = min(mine.newest, hello.newest)
        do throws(ThriftError) {
            guard newest >= mine.oldest, newest >= hello.oldest else {
                let error = ThriftError(
                    .versionMismatch,
                    "protocols \(mine.oldest) to \(mine.newest) are spoken here, the peer speaks \(hello.oldest) to "
                        + "\(hello.newest); upgrade the older side")
                turnedAway(connection, error)
                throw error
            }
            connection.hello = hello
            try await admitted(connection)
        } catch {
            throw Refused(error)
        }
        connection.isGreeted = true
        return Welcome(
            agreed: newest, features: mine.features.filter(hello.features.contains), instance: mine.instance,
            epoch: mine.epoch, version: mine.version)
    }

    func ping(context: CallContext) async throws {}

    func cancel(seqid: Int32, context: CallContext) async throws {
        (context.caller as? ThriftConnection)?.cancelServing(seqid)
    }

    private func admitted(_ connection: ThriftConnection) async throws(ThriftError) {
        do { try await admit(connection) } catch {
            throw error as? ThriftError ?? ThriftError(.refused, "\(error)")
        }
    }
}

extension Refused {
    /// Codes that a newcomer can do something about, as the registry names them.
    private static let codes: [String: ThriftError.Code] = [
        "channel.version": .versionMismatch, "channel.identity.duplicate": .identityInUse,
        "channel.identity.ip": .addressInUse,
    ]

    /// What the newcomer is told.
    init(_ error: ThriftError) {
        self.init(
            code: Self.codes.first { $0.value == error.code }?.key ?? "channel.refused", message: error.message)
    }

    /// What the dialling side makes of it.
    var error: ThriftError { ThriftError(Self.codes[code] ?? .refused, message) }
}
