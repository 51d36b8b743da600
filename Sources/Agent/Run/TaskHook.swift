package import ElvesCore

/// A step around a worker.
///
/// `prepare` runs before the worker, hook after hook; an error ends the task there. `settle` runs after the end in
/// reverse order, for those whose `prepare` returned, also when a later one threw or the worker never started.
package protocol TaskHook: Sendable {
    func prepare(_ run: inout TaskRun) async throws(ElvesError)
    func settle(_ run: inout TaskRun) async
}

extension TaskHook {
    package func prepare(_ run: inout TaskRun) async throws(ElvesError) {}
    package func settle(_ run: inout TaskRun) async {}
}
