internal import Synchronization

/// What must hold for a component to be ready, by name.
package final class HealthChecks: Sendable {
    private let checks = Mutex<[(name: String, check: @Sendable () -> String?)]>([])

    /// Creates an empty list: ready.
    package init() {}

    /// Adds a check; it answers nil when all is well, else why not. It must not block.
    package func add(_ name: String, _ check: @escaping @Sendable () -> String?) {
        checks.withLock { $0.append((name, check)) }
    }

    /// Every reason why the component is not ready; empty when it is.
    package func problems() -> [String] {
        checks.withLock { $0 }.compactMap { $0.check() }
    }
}
