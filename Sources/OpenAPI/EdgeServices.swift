import ElvesCore
import Hummingbird
package import ServiceLifecycle

extension OpenAPIService {
    /// What a process runs, in the order of its start; it stops in the reverse order.
    package var services: [any Service] {
        [FollowingService(edge: self), ServingService(edge: self)]
    }
}

/// Follows keys and apps until graceful shutdown.
private struct FollowingService: Service {
    let edge: OpenAPIService

    func run() async throws {
        await cancelWhenGracefulShutdown { await edge.follow() }
    }
}

/// Serves HTTP until graceful shutdown; then requests have a few seconds to end.
private struct ServingService: Service {
    /// How long requests may go on after the stop began: long polls end with `elves.stopping`.
    static let patience: Duration = .seconds(5)

    let edge: OpenAPIService

    func run() async throws {
        let application = edge.application()
        try await withThrowingTaskGroup { group in
            group.addTask { try await application.run() }
            group.addTask {
                try await gracefulShutdown()
                edge.stop()
                try await Task.sleep(for: Self.patience)
            }
            try await group.next()
            group.cancelAll()
        }
    }
}
