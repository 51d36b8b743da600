package import AgentLinks
package import ElvesCore

/// What workers write: from their agents, and to who reads.
extension SchedulerService {
    /// Takes a piece of output from the agent that has the task.
    ///
    /// Output of a task without a record is taken for its id, within bounds: its result, which is on its way, makes the
    /// record.
    package func takeOutput(
        _ piece: OutputPiece, of key: AttemptName, from agent: AgentIdentity
    ) async throws(ElvesError) -> OutputGrant {
        let output = try outputStore()
        if !output.isKnown(key, of: agent.id) {
            if let record = try await record(of: key.task) {
                try Self.check(key, of: record, from: agent)
                output.recognize(key, of: agent.id)
            } else {
                let isPlausible = key.task.createdAtMs <= time.wallMs() + Self.clockSlackMs
                guard isPlausible, output.allowForgotten(key, of: agent.id, bytes: piece.bytes.count) else {
                    throw ElvesError(
                        .schedulerAttemptUnknown, "no task \(key.task)", details: ["task": key.task.description])
                }
            }
        }
        return try await output.take(piece, of: key, from: agent.id)
    }

    /// Output of a task from a place on; waits up to `waitMs` for some.
    ///
    /// - Parameters:
    ///   - after: 0 for the start of the attempt that the task is at, else the cursor of a page before.
    ///   - limit: about how many bytes a page may have; 0: 1 MiB, which is also the most.
    package func output(
        _ id: ElvesID, after: Int64, limit: Int, waitMs: Int64
    ) async throws(ElvesError) -> TaskOutputPage {
        let cursor = try OutputCursor(after)
        let limit = limit > 0 ? min(limit, Self.outputPageBytes) : Self.outputPageBytes
        let deadline = self.deadline(waitMs)
        while true {
            let mark = output?.followers.mark(id)
            guard let record = try await record(of: id) else {
                throw ElvesError(.schedulerTaskUnknown, "no task \(id)", details: ["task": id.description])
            }
            let look = try await OutputLook(record: record, store: output, limit: limit).look(from: cursor)
            let isOver = waitMs <= 0 || time.micros() >= deadline || Task.isCancelled || isStopping
            if !look.page.runs.isEmpty || look.page.done || isOver { return look.page }
            if look.isUntold { follow(record) }
            if let output, let mark {
                await output.followers.wait(for: id, since: mark, until: min(deadline, look.due ?? .max))
            } else if let task = live[id] {
                await task.waitForEnd(until: deadline)
            } else {
                return look.page
            }
        }
    }

    /// Notes before its end what of an attempt's output is still to come.
    func outputEnds(_ task: LiveTask, _ end: LiveTask.End) {
        guard let output else { return }
        let attempt = end.attempt ?? task.record.attempt
        output.attemptEnds(AttemptName(task: task.id, number: attempt), copiedBytes: end.outcome.copiedBytes)
    }

    private static let outputPageBytes = 1 << 20
    /// How far an id may be ahead of this machine's clock.
    private static let clockSlackMs: Int64 = 600_000

    /// Lets the agent send the output of a task that somebody reads, now and again until some has come.
    private func follow(_ record: Execution) {
        guard let agent = record.target.id, let output, output.followers.mayAsk(record.id, now: time.micros()) else {
            return
        }
        agents.link(of: agent)?.link.follow(record.id)
    }

    private func outputStore() throws(ElvesError) -> OutputStore {
        guard let output else { throw ElvesError(.elvesNotReady, "this scheduler has no folder for output") }
        return output
    }

    /// The task's record; nil when there is none.
    private func record(of id: ElvesID) async throws(ElvesError) -> Execution? {
        if let task = live[id] { return task.record }
        return try await stored { store in try await store.execution(id) }
    }

    private static func check(
        _ key: AttemptName, of record: Execution, from agent: AgentIdentity
    ) throws(ElvesError) {
        guard record.isFor(agent) else {
            throw ElvesError(
                .schedulerAttemptUnknown, "task \(key.task) is not a task of agent \(agent)",
                details: ["task": key.task.description])
        }
        guard key.number <= record.attempt else {
            throw ElvesError(
                .schedulerAttemptUnknown, "task \(key.task) is at attempt \(record.attempt), not at \(key.number)",
                details: ["task": key.task.description])
        }
    }
}

extension Execution {
    /// Whether the agent is the one that runs it.
    func isFor(_ agent: AgentIdentity) -> Bool {
        target.id.map { $0 == agent.id } ?? (target.ip == agent.ip)
    }
}
