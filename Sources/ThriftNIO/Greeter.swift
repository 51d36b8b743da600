internal import Thrift

/// Serves `ChannelService` on a connection: hello, ping, cancel.
struct Greeter: ChannelServiceHandler {
    let mine: Hello
    /// Says whether the newcomer is wanted; throws `ThriftError` with code `refused` when not.
    let admit: @Sendable (ThriftConnection) async throws -> Void

    func hello(hello: Hello, context: CallContext) async throws -> Welcome {
        guard let connection = context.caller as? ThriftConnection else {
            throw ThriftError(.refused, "hello is for connections")
        }
        let newest = min(mine.newest, hello.newest)
        do throws(ThriftError) {
            guard newest >= mine.oldest, newest >= hello.oldest else {
                throw ThriftError(
                    .refused,
                    "protocols \(mine.oldest) to \(mine.newest) are spoken here, the peer speaks \(hello.oldest) to "
                        + "\(hello.newest); upgrade the older side")
            }
            connection.hello = hello
            try await admitted(connection)
        } catch {
            throw Refused(code: "channel.refused", message: error.message)
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
