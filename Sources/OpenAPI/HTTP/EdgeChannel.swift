import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes
import ThriftNIO

/// HTTP/1.1 connections whose requests end when their caller hangs up, served on the event loop of their
/// connection: between a loop and another thread each of a request's few suspensions would cost two wake-ups.
///
/// Each connection is served by a task of its own, which is cancelled when its ``ConnectionGuard`` sees the
/// caller go: what the request waits for ends at once, and its place among the requests served is free. A
/// request costs nothing for that, a connection one task. Hummingbird's own `consumeWithCancellationOnInboundClose`
/// costs three tasks a request and ends the connection after it.
struct EdgeChannel: ServerChildChannel {
    /// A connection, and word of its caller.
    struct Value: ServerChildChannelValue {
        let http: HTTP1Channel.Value
        let hangUp: HangUp

        var channel: any Channel { http.channel }
    }

    let http: HTTP1Channel
    private let executors: LoopExecutors

    /// - Parameters:
    ///   - limits: what the connections' guards hold callers to.
    ///   - executors: those of the loops that the connections live on.
    init(responder: @escaping HTTPChannelHandler.Responder, limits: EdgeLimits, executors: LoopExecutors) {
        self.executors = executors
        http = HTTP1Channel(
            responder: responder,
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [ConnectionGuard(limits: limits)],
                httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                    maxHeaderFieldSize: limits.head, maxHeaderListSize: limits.head, maxHeaderFieldCount: 100)))
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        http.setup(channel: channel, logger: logger).flatMapThrowing { http in
            let connectionGuard = try channel.pipeline.syncOperations.handler(type: ConnectionGuard.self)
            return Value(http: http, hangUp: connectionGuard.hangUp)
        }
    }

    func handle(value: Value, logger: Logger) async {
        let serving = Task(executorPreference: executors.executor(of: value.channel.eventLoop)) {
            await http.handle(value: value.http, logger: logger)
        }
        value.hangUp.arm { serving.cancel() }
        await withTaskCancellationHandler {
            await serving.value
        } onCancel: {
            serving.cancel()
        }
    }
}
