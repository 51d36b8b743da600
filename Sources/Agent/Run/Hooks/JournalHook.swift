internal import ElvesContracts
package import ElvesCore
internal import Runner
package import ServiceCore

/// Puts the attempt on record before its worker starts, and its result after.
///
/// Hooks before it end what never started without a trace; those behind it settle before the result is on record.
/// Never runs twice for one attempt: the second time it refuses.
package struct JournalHook: TaskHook {
    private let journal: AttemptJournal
    private let history: HistoryHook
    private let now: WallClock

    package init(_ journal: AttemptJournal, history: HistoryHook, now: @escaping WallClock) {
        self.journal = journal
        self.history = history
        self.now = now
    }

    package var settlesAdopted: Bool { true }

    package func prepare(_ run: inout TaskRun) async throws(ElvesError) {
        let taken = TakenAttempt(
            key: run.key, app: run.task.app, function: run.task.func, version: run.result.version,
            workerProtocol: run.app?.manifest.workerProtocol.rawValue ?? 0, at: run.receivedAtMs,
            isDurable: run.task.durable == true)
        guard try await journal.begin(taken) else {
            throw ElvesError(.agentAttemptTaken, "attempt \(run.key.marker) was taken before")
        }
    }

    package func settle(_ run: inout TaskRun) async {
        let wasStarted = ![.rejected, .expired, .cancelled].contains(run.result.state)
        if let error = journal.end(run.key, run.result, at: now(), wasStarted: wasStarted) { history.note(error) }
    }
}
