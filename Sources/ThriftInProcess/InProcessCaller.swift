package import Thrift

/// Calls a router in the same process, through the same bytes as a connection would carry.
package struct InProcessCaller: ThriftCaller {
    private let router: ThriftRouter
    private let identity: PeerIdentity
    private let encoding: ThriftEncoding
    private let back: ThriftRouter
    private let defaultTimeout: Duration

    /// Creates a caller that the router sees as `identity`.
    ///
    /// - Parameter back: what the called side may call on this one.
    package init(
        _ router: ThriftRouter, as identity: PeerIdentity, encoding: ThriftEncoding = .compact,
        back: ThriftRouter = ThriftRouter([]), defaultTimeout: Duration = .seconds(30)
    ) {
        self.router = router
        self.identity = identity
        self.encoding = encoding
        self.back = back
        self.defaultTimeout = defaultTimeout
    }

    package func call(
        _ method: MethodDescriptor, options: CallOptions, arguments: (inout ThriftWriter) -> Void
    ) async throws -> ThriftReply? {
        let timeout = options.timeout ?? defaultTimeout
        var writer = ThriftWriter(encoding)
        writer.writeCall(method, sequence: 1, header: options.header(timeout: timeout), arguments: arguments)
        let frame = writer.withBytes { [UInt8]($0.dropFirst(4)) }
        let answer = try await withTimeout(timeout) {
            await router.answer(
                frame, message: try ThriftMessage(parsing: frame), peer: identity,
                caller: InProcessCaller(back, as: .local, encoding: encoding, back: router))
        }
        guard !method.oneway, let answer else { return nil }
        let reply = [UInt8](answer.dropFirst(4))
        return try ThriftReply(answering: reply, message: try ThriftMessage(parsing: reply), limits: .standard)
    }

    private func withTimeout(
        _ timeout: Duration, _ body: @escaping @Sendable () async throws -> [UInt8]?
    ) async throws -> [UInt8]? {
        try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw ThriftError(.deadlineExceeded, "no answer within \(timeout)")
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
