package import ElvesCore

/// A step around a worker.
///
/// `prepare` runs before the worker, hook after hook; an error ends the task there. `settle` runs after the end in
/// reverse order, for those whose `prepare` returned, also when a later one threw or the worker never started.
package protocol TaskHook: Sendable {
    /// Whether `settle` also runs for a task that an earlier agent prepared, and whose end this one learns.
    var settlesAdopted: Bool { get }
    func prepare(_ run: inout TaskRun) async throws(ElvesError)
    func settle(_ run: inout TaskRun) async
    /// A task's end is asked for: ends what `prepare` waits for. Called again until the task has ended.
    func withdraw(taskId: Int64) async
}

extension TaskHook {
    package var settlesAdopted: Bool { false }
    package func prepare(_ run: inout TaskRun) async throws(ElvesError) {}
    package func settle(_ run: inout TaskRun) async {}
    package func withdraw(taskId: Int64) async {}
}
