extension ThriftRouter {
    /// Serves one frame of type call or oneway and answers with the framed reply: a result, or an
    /// exception that says what was wrong. Nil for oneway.
    package func answer(
        _ frame: [UInt8], message: ThriftMessage, peer: PeerIdentity, caller: any ThriftCaller,
        limits: ThriftLimits = .standard
    ) async -> [UInt8]? {
        do {
            guard let route = route(named: message.name) else {
                throw ThriftError(.unknownMethod, "no method \(message.name) is served here")
            }
            let header: CallHeader
            do throws(ThriftError) {
                header = try CallHeader(peeking: frame, message: message, limits: limits)
            } catch {
                // Who may not call is told just that, whatever the bytes say.
                guard !RoleAuthorization.allows(peer, route.method.descriptor) else { throw error }
                header = CallHeader()
            }
            let context = CallContext(
                method: route.method.descriptor, peer: peer, header: header,
                deadline: header.deadlineMs.map { .now + .milliseconds(max(0, $0)) }, caller: caller)
            let call = ThriftCall(frame: frame, message: message, limits: limits, context: context)
            return try await route.serve(call)?.framed
        } catch {
            return message.type == .oneway ? nil : Self.exception(error, to: message)
        }
    }

    /// The framed exception that answers `message`.
    package static func exception(_ error: any Error, to message: ThriftMessage) -> [UInt8] {
        let known: ThriftError =
            switch error {
            case let error as ThriftError: error
            case is CancellationError: ThriftError(.cancelled, "the call was cancelled")
            default: ThriftError(.internalError, "\(message.name) failed: \(error)")
            }
        var writer = ThriftWriter(message.encoding)
        writer.putBigEndian(0 as UInt32)
        // As in `ThriftCall.answer`: the method's name without its service.
        let name = message.name.split(separator: ":").last.map(String.init) ?? message.name
        writer.beginMessage(.exception, name: name, sequence: message.sequence)
        ApplicationException(known).write(to: &writer)
        return writer.bytes()
    }
}

extension ThriftReply {
    /// Takes an answer's frame; throws what the peer answered instead of a result.
    package init(answering frame: [UInt8], message: ThriftMessage, limits: ThriftLimits) throws(ThriftError) {
        self.init(frame: frame, encoding: message.encoding, bodyOffset: message.bodyOffset, limits: limits)
        guard message.type == .exception else { return }
        let exception: ApplicationException
        do throws(ThriftError) {
            exception = try ThriftReader.reading(frame, from: bodyOffset, as: encoding, limits: limits) {
                reader throws(ThriftError) in try ApplicationException(from: &reader)
            }
        } catch {
            throw error.inAnswer
        }
        throw exception.error
    }
}

extension CallOptions {
    /// The header that carries these options; `timeout` is the call's own or the connection's.
    package func header(timeout: Duration?) -> CallHeader {
        CallHeader(deadlineMs: timeout?.wholeMilliseconds, trace: trace, caller: caller, grant: grant)
    }
}

extension Duration {
    /// Milliseconds, rounded down.
    package var wholeMilliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
