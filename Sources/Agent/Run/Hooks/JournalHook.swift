internal import ElvesContracts
package import ElvesCore
internal import Runner

/// Puts the attempt on record before its worker starts, and its end after.
///
/// The last before the worker. Never runs twice for one attempt: the second time it refuses.
package struct JournalHook: TaskHook {
    private let journal: AttemptJournal

    package init(_ journal: AttemptJournal) { self.journal = journal }

    package func prepare(_ run: inout TaskRun) async throws(ElvesError) {
        let start = AttemptJournal.Start(
            key: run.key, app: run.task.app, function: run.task.func, version: run.result.version,
            workerProtocol: run.app?.manifest.workerProtocol.rawValue ?? 0, at: run.receivedAtMs)
        guard try journal.begin(start) else {
            throw ElvesError(.agentAttemptTaken, "attempt \(run.key.marker) was taken before")
        }
    }

    package func settle(_ run: inout TaskRun) async {
        journal.end(run.key, state: run.result.state.name ?? "\(run.result.state.rawValue)")
    }
}
