/// Waits for so long, or until the task is cancelled.
package typealias Rest = @Sendable (Duration) async -> Void

/// Ways to wait.
package enum Resting {
    /// By the runtime's clock, which wakes threads of its own for each wait.
    package static let byClock: Rest = { try? await Task.sleep(for: $0) }
}
