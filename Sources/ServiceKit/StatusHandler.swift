internal import ElvesContracts
internal import ServiceCore
internal import Thrift

/// Serves `ComponentService` for every center component.
struct StatusHandler: ComponentServiceHandler {
    let component: Component
    let started: Int64

    func status(context: CallContext) async throws -> ComponentStatus {
        let problems = component.health.problems()
        return ComponentStatus(
            role: component.role, instance: component.instance, version: ElvesVersion.current,
            uptimeMs: SystemClock.now() - started, ready: problems.isEmpty,
            reason: problems.joined(separator: "; "), numbers: component.metrics.numbers())
    }
}
