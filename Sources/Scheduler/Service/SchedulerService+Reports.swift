package import AgentLinks
package import ElvesCore
import Logging
import Synchronization

/// What agents say by themselves: results that they still keep, workers that have started.
extension SchedulerService {
    /// Takes results that the agent keeps, and answers with those that are recorded once the commit is done that holds
    /// them. A result of a task that nobody knows any more makes its record.
    package func take(
        _ reports: [TaskReport], from agent: AgentIdentity
    ) async throws(ElvesError) -> [AttemptName] {
        try serves()
        guard !writer.isCrowded else {
            throw ElvesError(
                .schedulerRecordWaiting, "\(writer.status.waiting) records wait to be written already")
        }
        numbers.reported.add(reports.count, ordering: .relaxed)
        let receipt = Receipt()
        var unknown: [TaskReport] = []
        for report in reports {
            if let task = live[report.task] {
                take(report, of: task, from: agent, receipt)
            } else if !batches.plan(report.task) {
                unknown.append(report)
            }
            // A planned task of a batch that goes on is sent again, and answered with this result: until then the
            // agent keeps it.
        }
        if !unknown.isEmpty { try await takeStored(unknown, from: agent, receipt) }
        return await receipt.wait()
    }

    /// Notes that workers run.
    package func started(_ attempts: [AttemptName], at agent: AgentIdentity) {
        let wallMs = time.wallMs()
        let now = time.micros()
        for attempt in attempts {
            _ = live[attempt.task]?.started(attempt.number, at: agent.id, wallMs: wallMs, now: now)
        }
    }

    private func take(_ report: TaskReport, of task: LiveTask, from agent: AgentIdentity, _ receipt: Receipt) {
        // Not decided yet whether it is a task at all: then it was not sent.
        guard !task.isBeingClaimed, task.mayHaveGone(report.attempt, to: agent) else {
            return disbelieve(report, from: agent, receipt)
        }
        receipt.expect()
        task.catchUp(with: report.attempt)
        take(report, of: task, as: report.name, from: agent.id, receipt: receipt)
    }

    /// Results of tasks that are not in memory: their records are looked up first.
    private func takeStored(
        _ reports: [TaskReport], from agent: AgentIdentity, _ receipt: Receipt
    ) async throws(ElvesError) {
        let ids = reports.map(\.task)
        let found = Dictionary(try await stored { store in try await store.executions(ids) }.map { ($0.id, $0) }) {
            first, _ in first
        }
        for report in reports {
            guard let record = found[report.task] else {
                let task = live.insertIfAbsent(recreated(report, at: agent))
                take(report, of: task, from: agent, receipt)
                continue
            }
            let isNews =
                !record.state.isEnd
                || (record.state == .unknown && report.state != .unknown && report.attempt == record.attempt)
            guard isNews else {
                receipt.note(report.name)
                continue
            }
            let task = live.insertIfAbsent(
                LiveTask(recorded: record, bornMicros: bornMicros(record), isInFlight: false))
            take(report, of: task, from: agent, receipt)
        }
    }

    /// The record of a task that only its agent still knows.
    private func recreated(_ report: TaskReport, at agent: AgentIdentity) -> LiveTask {
        var record = Execution(
            id: report.task,
            call: FunctionCall(app: report.origin?.app ?? "", function: report.origin?.function ?? ""),
            target: TaskTarget(id: agent.id, ip: agent.ip), state: .dispatched, createdAt: report.task.createdAtMs)
        record.attempt = report.attempt
        record.dispatchedAt = report.origin?.takenAt ?? 0
        record.hops = [TaskHop(event: "recreated", atMicros: 0, rule: "scheduler.forgotten")]
        numbers.recreated.add(1, ordering: .relaxed)
        return LiveTask(recorded: record, bornMicros: bornMicros(record), isInFlight: false, isKnown: false)
    }

    /// An agent's word on what it was never given: it is not recorded, and the agent need not say it again.
    private func disbelieve(_ report: TaskReport, from agent: AgentIdentity, _ receipt: Receipt) {
        logger.warning(
            "an agent reports a task that it was not given",
            metadata: ["agent": "\(agent)", "task.id": "\(report.task)", "task.attempt": "\(report.attempt)"])
        receipt.note(report.name)
    }

    /// When the task was made, on the monotonic clock; before this process began, for an older one.
    func bornMicros(_ record: Execution) -> Int64 {
        time.micros() - max(0, time.wallMs() - record.createdAt) * 1_000
    }
}
