import ElvesCore
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Keeps a connection honest: a head and a body arrive within their time, and bytes that are no HTTP get an
/// answer of our own form.
///
/// It stands behind the HTTP decoder of every connection. The clock for a head runs from the connection's start
/// or from the last answer, so that bytes that trickle in do not stretch it; the clock for a body runs from its
/// head. Whoever is late gets 408, and the connection ends.
///
/// A caller that stops reading its answer is cut off after `stallTime`.
///
/// It also sees the caller go: a connection that ends, or whose caller has closed their sending side and gets no
/// answer for `hangUpTime`, is reported to ``hangUp``.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Told when the caller has gone.
    let hangUp = HangUp()

    private let limits: EdgeLimits
    private var timer: Scheduled<Void>?
    /// Runs while the caller does not read what it asked for.
    private var stall: Scheduled<Void>?
    private var firesAt: NIODeadline?
    /// When the other side is late; nil while it owes nothing.
    private var deadline: NIODeadline?
    /// Requests whose head arrived and whose answer has not been written to its end.
    private var unanswered = 0
    private var isAnswering = false
    /// Whether the current request's end has not arrived.
    private var isReading = false
    private var isV2 = false
    private var isClosing = false

    init(limits: EdgeLimits) {
        self.limits = limits
    }

    func handlerAdded(context: ChannelHandlerContext) {
        expect(within: limits.headTime, context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        stall?.cancel()
    }

    /// A caller that leaves its answer unread holds its place only for so long.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stall?.cancel()
        stall = nil
        if !context.channel.isWritable {
            stall = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limits.stallTime)) {
                context.close(promise: nil)
            }
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        stall?.cancel()
        hangUp.fire()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed, unanswered > 0 {
            // Most have hung up; a few only say that they will send no more, and still read.
            context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limits.hangUpTime)) { [self] in
                if unanswered > 0 { hangUp.fire() }
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body: break
        case .end:
            isReading = false
            deadline = nil
            // The answer may have been quicker than the body.
            if unanswered == 0 { expect(within: limits.headTime, context) }
        }
        context.fireChannelRead(data)
    }

    private func begin(_ head: HTTPRequest, _ context: ChannelHandlerContext) {
        isReading = true
        unanswered += 1
        let path = head.path ?? ""
        isV2 = EdgeMiddleware.isV2(String(path.prefix { $0 != "?" }))
        let isUpload =
            head.method == .post && (path.hasPrefix("/api/v3/apps?") || path.hasPrefix("/api/v3/blobs"))
        expect(within: isUpload ? limits.packageTime : limits.bodyTime, context)
        if unanswered == 1, head.headerFields[.expect]?.lowercased() == "100-continue" {
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head): isAnswering = head.status.kind != .informational
        case .body: break
        case .end:
            isAnswering = false
            unanswered -= 1
            if unanswered == 0, !isReading { expect(within: limits.headTime, context) }
        }
        context.write(data, promise: promise)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        let isTooLong = error == .headerOverflow
        refuse(
            ElvesError(
                isTooLong ? .openapiRequestHeadTooLong : .openapiRequestMalformed,
                isTooLong ? "the head is longer than \(limits.head) bytes" : "this is not HTTP/1.1: \(error)"),
            context)
    }

    /// Sets when the connection is late. The timer itself is touched only when it would fire too late, which a
    /// busy connection sees once in many requests.
    private func expect(within time: Duration, _ context: ChannelHandlerContext) {
        let deadline = NIODeadline.now() + TimeAmount(time)
        self.deadline = deadline
        guard let firesAt, firesAt <= deadline else { return startTimer(at: deadline, context) }
    }

    private func startTimer(at deadline: NIODeadline, _ context: ChannelHandlerContext) {
        timer?.cancel()
        firesAt = deadline
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [self] in
            firesAt = nil
            guard let wanted = self.deadline else { return }
            if wanted > NIODeadline.now() {
                startTimer(at: wanted, context)
            } else {
                refuse(ElvesError(.openapiRequestSlow), context)
            }
        }
    }

    /// Answers, if the connection still owes the current request an answer or has seen none, and closes.
    private func refuse(_ error: ElvesError, _ context: ChannelHandlerContext) {
        guard !isClosing else { return }
        isClosing = true
        timer?.cancel()
        let isIdle = unanswered == 0 && error.code == .openapiRequestSlow
        guard !isIdle, !isAnswering, unanswered <= 1 else {
            context.close(promise: nil)
            return
        }
        let trace = Trace()
        let answer =
            isV2 && unanswered == 1 ? ErrorAnswer(envelope: error) : ErrorAnswer(problem: error, trace: trace)
        var head = HTTPResponse(status: answer.status, headerFields: answer.headers)
        head.headerFields[.elvesTrace] = trace.header
        head.headerFields[.connection] = "close"
        head.headerFields[.contentLength] = String(answer.body.readableBytes)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(answer.body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}
