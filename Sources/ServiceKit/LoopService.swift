import ServiceLifecycle

/// A loop as a part of a process: it runs until the process stops, and is cancelled then.
package struct LoopService: Service {
    private let body: @Sendable () async -> Void

    /// Creates the service; `body` returns soon after its task is cancelled.
    package init(_ body: @escaping @Sendable () async -> Void) {
        self.body = body
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown(body)
    }
}
