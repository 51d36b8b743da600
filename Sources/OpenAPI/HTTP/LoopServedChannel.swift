import HummingbirdCore
import Logging
import NIOCore
import ThriftNIO

/// HTTP/1.1 whose requests are served on the event loop of their connection: between loop and another thread
/// each of a request's few suspensions would cost two wake-ups.
struct LoopServedChannel: ServerChildChannel {
    let base: HTTP1Channel
    let executors: LoopExecutors

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        base.setup(channel: channel, logger: logger)
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await withTaskExecutorPreference(executors.executor(of: value.channel.eventLoop)) {
            await base.handle(value: value, logger: logger)
        }
    }
}
