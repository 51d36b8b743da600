internal import Synchronization
package import Thrift

/// How long to wait before the next try to connect: full jitter under a growing bound.
package struct Backoff: Sendable {
    /// The first bound.
    package var first: Duration = .milliseconds(100)
    /// The largest bound.
    package var longest: Duration = .seconds(10)
    private var failures = 0

    /// Creates the default backoff.
    package init(first: Duration = .milliseconds(100), longest: Duration = .seconds(10)) {
        self.first = first
        self.longest = longest
    }

    /// The wait after one more failure; `random` is in 0..<1.
    package mutating func next(random: Double) -> Duration {
        let bound = min(first * (1 << min(failures, 20)), longest)
        failures += 1
        return bound * random
    }

    /// Starts over, after a success.
    package mutating func reset() { failures = 0 }
}

/// A caller that keeps one connection up for as long as `run` runs.
package final class ThriftClient: ThriftCaller {
    private let dialer: ThriftDialer
    private let patience: Duration
    private let changed: @Sendable (Result<ThriftConnection, any Error>) -> Void
    private let state = Mutex(State())

    private struct State {
        var connection: ThriftConnection?
        var problem = "not connected yet"
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var lastWaiter: UInt64 = 0
    }

    /// Creates a client; nothing is dialled before `run`.
    ///
    /// - Parameters:
    ///   - patience: how long a call waits for a connection before it fails with `notConnected`.
    ///   - changed: runs after each try to connect, with its outcome.
    package init(
        _ dialer: ThriftDialer, patience: Duration = .seconds(2),
        changed: @escaping @Sendable (Result<ThriftConnection, any Error>) -> Void = { _ in }
    ) {
        self.dialer = dialer
        self.patience = patience
        self.changed = changed
    }

    /// The connection, while one is up.
    package var connection: ThriftConnection? { state.withLock { $0.connection } }

    /// Connects, and connects again whenever the connection ends, until the task is cancelled.
    package func run() async {
        var backoff = Backoff()
        while !Task.isCancelled {
            do {
                let connection = try await dialer.dial()
                backoff.reset()
                publish(connection)
                changed(.success(connection))
                await withTaskCancellationHandler {
                    await connection.waitForClose()
                } onCancel: {
                    connection.close()
                }
                withdraw("the connection to \(dialer.address) ended")
            } catch {
                withdraw((error as? ThriftError)?.message ?? "\(error)")
                changed(.failure(error))
            }
            try? await Task.sleep(for: backoff.next(random: .random(in: 0..<1)))
        }
    }

    package func call(
        _ method: MethodDescriptor, options: CallOptions, arguments: (inout ThriftWriter) -> Void
    ) async throws -> ThriftReply? {
        if let connection, connection.isOpen {
            return try await connection.call(method, options: options, arguments: arguments)
        }
        let start = ContinuousClock.now
        await waitForConnection(within: min(patience, options.timeout ?? patience))
        guard let connection else {
            throw ThriftError(.notConnected, state.withLock { $0.problem })
        }
        var options = options
        if let timeout = options.timeout { options.timeout = max(timeout - (.now - start), .milliseconds(1)) }
        return try await connection.call(method, options: options, arguments: arguments)
    }

    private func publish(_ connection: ThriftConnection) {
        let waiters = state.withLock { state in
            state.connection = connection
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }

    private func withdraw(_ problem: String) {
        state.withLock {
            $0.connection = nil
            $0.problem = problem
        }
    }

    /// Returns when a connection is up, or patience or the task has ended.
    private func waitForConnection(within patience: Duration) async {
        let number = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await Task.sleep(for: patience) }
            group.addTask { await self.wait(as: number) }
            await group.next()
            group.cancelAll()
        }
    }

    private func wait(as number: UInt64) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready = state.withLock { state in
                    if state.connection != nil || Task.isCancelled { return true }
                    state.waiters[number] = continuation
                    return false
                }
                if ready { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
        }
    }
}
