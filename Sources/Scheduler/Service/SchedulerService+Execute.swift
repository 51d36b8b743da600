import AgentLinks
package import ElvesCore
import Synchronization

/// Single tasks.
extension SchedulerService {
    /// Runs the order and answers with its end, or with how it stands after `waitMs`.
    ///
    /// The order is sent once, over one connection, and never again. A caller that stops waiting ends nothing.
    package func execute(_ order: ExecutionOrder, waitMs: Int64) async throws(ElvesError) -> Execution {
        try serves()
        try check(order.call)
        guard order.target.id != nil || !order.target.ip.isEmpty else {
            throw ElvesError(.elvesTargetSyntax, "a task needs the id or the ip of an agent")
        }
        guard numbers.reserve(limit: limits.tasksInFlight) else {
            numbers.overloaded.add(1, ordering: .relaxed)
            throw ElvesError(.schedulerFull, "\(limits.tasksInFlight) tasks are in flight already")
        }
        let channel = channel(for: order.target)
        do {
            try reserve(order, on: channel)
        } catch {
            numbers.release()
            numbers.overloaded.add(1, ordering: .relaxed)
            throw error
        }
        let task = make(order)
        live.insert(task)
        if task.isBeingClaimed, let earlier = try await claim(order, for: task, holding: channel) {
            return try await execution(earlier, waitMs: waitMs)
        }
        begin(task, over: channel)
        return await ended(task, waitMs: waitMs)
    }

    /// Takes a place on the agent's channel, or among the tasks that wait for the agent: the bound is the same.
    private func reserve(_ order: ExecutionOrder, on channel: AgentChannel?) throws(ElvesError) {
        let limit = limits.tasksInFlightPerAgent
        if let channel {
            guard !channel.reserve(limit: limit) else { return }
            throw ElvesError(
                .schedulerAgentOverloaded, "\(limit) tasks are in flight on agent \(channel.agent) already",
                details: ["agent": channel.agent.id.description])
        }
        guard order.startByMs > 0, !waiting.reserve(order.target, limit: limit) else { return }
        throw ElvesError(
            .schedulerAgentOverloaded, "\(limit) tasks wait for agent \(order.target.words) already",
            details: ["agent": order.target.id?.description ?? order.target.ip])
    }

    /// The task's record; waits up to `waitMs` for its end.
    package func execution(_ id: ElvesID, waitMs: Int64) async throws(ElvesError) -> Execution {
        if let task = live[id] { return await ended(task, waitMs: waitMs) }
        guard let record = try await stored({ store in try await store.execution(id) }) else {
            throw ElvesError(.schedulerTaskUnknown, "no task \(id)", details: ["task": id.description])
        }
        return record
    }

    /// Checks what every call must have.
    func check(_ call: FunctionCall) throws(ElvesError) {
        guard !call.app.isEmpty, !call.function.isEmpty else {
            throw ElvesError(.schedulerRequestInvalid, "a task needs the names of an app and of a function")
        }
        guard call.param.map(\.utf8.count) ?? 0 <= 1 << 20 else {
            throw ElvesError(
                .schedulerParamTooLong,
                "the param has \(call.param.map(\.utf8.count) ?? 0) bytes; at most \(1 << 20) are taken")
        }
        try checkFiles(of: call)
        if let timeout = call.timeoutMs, timeout < 0 {
            throw ElvesError(.schedulerRequestInvalid, "a timeout of \(timeout) ms; it must be 0 (no limit) or more")
        }
    }

    /// Asks the store, and says in registry words what went wrong.
    func stored<T: Sendable>(
        _ body: (any SchedulerStore) async throws -> T
    ) async throws(ElvesError) -> T {
        do {
            return try await body(store)
        } catch {
            throw (error as? ElvesError)
                ?? ElvesError(.elvesStoreUnavailable, "the scheduler's store failed: \(error)", cause: error)
        }
    }

    /// The agent's connection, unless it has just ended.
    func channel(for target: TaskTarget) -> AgentChannel? {
        let channel = target.id.map { agents.link(of: $0) } ?? agents.link(at: target.ip)
        return channel?.isOpen == true ? channel : nil
    }

    /// Suspends until the task's end, at most `waitMs`, and answers with its record.
    private func ended(_ task: LiveTask, waitMs: Int64) async -> Execution {
        if waitMs > 0 { await task.waitForEnd(until: deadline(waitMs)) }
        return task.record
    }

    /// The monotonic microsecond at which a wait of `waitMs` ends.
    func deadline(_ waitMs: Int64) -> Int64 {
        time.micros() + max(0, min(waitMs, limits.longestWaitMs)) * 1_000
    }

    private func make(_ order: ExecutionOrder) -> LiveTask {
        let wallMs = time.wallMs()
        let record = Execution(
            id: nextID(wallMs), call: order.call, target: order.target, caller: order.caller, trace: order.trace,
            createdAt: wallMs)
        return LiveTask(
            record, bornMicros: time.micros(), startByMs: order.startByMs, claims: !order.idempotencyKey.isEmpty)
    }

    /// Records the task under its key before it is sent. Answers with the task of an earlier, equal request.
    private func claim(
        _ order: ExecutionOrder, for task: LiveTask, holding channel: AgentChannel?
    ) async throws(ElvesError) -> ElvesID? {
        func abandon() {
            live.remove(task.id)
            channel?.release()
            if channel == nil, task.startBy != nil { waiting.release(task.target) }
            numbers.release()
        }
        let claim = IdempotencyClaim(
            caller: order.caller, key: order.idempotencyKey, fingerprint: RequestFingerprint.of(order))
        let result: ClaimResult
        do {
            result = try await stored { store in try await store.create(task.record, claim: claim) }
        } catch {
            abandon()
            throw error
        }
        switch result {
        case .new:
            task.becameKnownToStore()
            return nil
        case .taken(let earlier, let fingerprint):
            abandon()
            try same(claim, fingerprint, earlier)
            return earlier
        }
    }

    func same(_ claim: IdempotencyClaim, _ fingerprint: [UInt8], _ earlier: ElvesID) throws(ElvesError) {
        guard fingerprint == claim.fingerprint else {
            throw ElvesError(
                .schedulerIdempotencyConflict,
                "the idempotency key \"\(claim.key)\" was used for another request, \(earlier)",
                details: ["key": claim.key, "earlier": earlier.description])
        }
    }
}
