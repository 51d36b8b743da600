import AgentLinks
package import ElvesCore
import Synchronization

/// Single tasks.
extension SchedulerService {
    /// Runs the order and answers with its end, or with how it stands after `waitMs`.
    ///
    /// A synchronous order is sent once, over one connection, and never again. A durable one is recorded before this
    /// answers, and waits its turn. A caller that stops waiting ends nothing.
    package func execute(_ order: ExecutionOrder, waitMs: Int64) async throws(ElvesError) -> Execution {
        try serves()
        try check(order)
        if order.isDurable { return try await executeDurably(order, waitMs: waitMs) }
        let channel = channel(for: order.target)
        let task = make(order)
        do {
            try admit(task, order, over: channel)
        } catch {
            numbers.overloaded.add(1, ordering: .relaxed)
            throw error
        }
        live.insert(task)
        if task.isBeingClaimed {
            func abandon() {
                if channel == nil, task.startBy != nil { waiting.release(task.target) }
                numbers.release()
                freePlaces(of: task)
            }
            if let earlier = try await create(task, order, abandon: abandon) {
                return try await execution(earlier, waitMs: waitMs)
            }
        }
        begin(task, over: channel)
        let record = await ended(task, waitMs: waitMs)
        guard !record.state.isEnd else { return try await secured(record, of: task) }
        // A caller must not be the only one who knows of a task.
        writer.add(task, weight: 512)
        try await recorded(task)
        return record
    }

    /// Has an end that somebody is about to be told recorded before, unless its agent keeps the result and would say it
    /// again: after a crash nobody else would know of it, and the task might come to another.
    func secured(_ told: Execution, of task: LiveTask) async throws(ElvesError) -> Execution {
        if told.state.isEnd, !task.isKeptByAgent { try await recorded(task) }
        return told
    }

    /// Suspends until the task is recorded as it is now.
    ///
    /// Throws: `elves.store.unavailable` while the store takes nothing, with how the task stands: that holds unless the
    /// scheduler crashes before there is room again.
    func recorded(_ task: LiveTask) async throws(ElvesError) {
        while isUnrecorded(task), !Task.isCancelled {
            if task.wasDropped || writer.status.failure != nil {
                let record = task.record
                throw ElvesError(
                    .elvesStoreUnavailable,
                    "task \(task.id) is \(record.state.name), but that cannot be recorded yet: "
                        + (writer.status.failure ?? "too much waits to be written"),
                    details: ["task": task.id.description, "state": record.state.name])
            }
            guard writer.isWriting else { return }
            await writer.written(isDurable: task.isDurable)
            // Somebody else may have ended it just now, and is about to hand it to the writer.
            if isUnrecorded(task) { await Task.yield() }
        }
    }

    private func isUnrecorded(_ task: LiveTask) -> Bool {
        task.wasDropped || (task.hasEnded ? live[task.id] === task : task.isQueued)
    }

    /// Records the order, then hands it to the dispatcher.
    private func executeDurably(_ order: ExecutionOrder, waitMs: Int64) async throws(ElvesError) -> Execution {
        guard numbers.hold(limit: limits.tasksHeld) else {
            numbers.overloaded.add(1, ordering: .relaxed)
            throw ElvesError(.schedulerFull, "\(limits.tasksHeld) durable tasks have not ended already")
        }
        let task = make(order)
        live.insert(task)
        if let earlier = try await create(task, order, abandon: { numbers.letGo() }) {
            return try await execution(earlier, waitMs: waitMs)
        }
        numbers.started.add(1, ordering: .relaxed)
        submit(task)
        return try await secured(await ended(task, waitMs: waitMs), of: task)
    }

    /// Takes the places of a call, which does not wait for them, and one among the tasks that wait for its agent when that
    /// is away: the bound is the same.
    private func admit(
        _ task: LiveTask, _ order: ExecutionOrder, over channel: AgentChannel?
    ) throws(ElvesError) {
        try dispatcher.admit(task.id, order.call, key: order.caller, agent: channel?.agent.id)
        let limit = limits.tasksInFlightPerAgent
        if channel == nil, order.startByMs > 0, !waiting.reserve(order.target, limit: limit) {
            dispatcher.release(task.id)
            throw ElvesError(
                .schedulerAgentOverloaded, "\(limit) tasks wait for agent \(order.target.words) already",
                details: ["agent": order.target.id?.description ?? order.target.ip])
        }
        numbers.occupy()
    }

    /// The task's record; waits up to `waitMs` for its end.
    package func execution(_ id: ElvesID, waitMs: Int64) async throws(ElvesError) -> Execution {
        if let task = live[id] { return try await secured(await ended(task, waitMs: waitMs), of: task) }
        if let record = try await planned(id, waitMs: waitMs) { return record }
        guard let record = try await stored({ store in try await store.execution(id) }) else {
            throw ElvesError(.schedulerTaskUnknown, "no task \(id)", details: ["task": id.description])
        }
        return record
    }

    /// Checks what can be seen without asking anybody.
    private func check(_ order: ExecutionOrder) throws(ElvesError) {
        try check(order.call)
        guard order.target.id != nil || !order.target.ip.isEmpty else {
            throw ElvesError(.elvesTargetSyntax, "a task needs the id or the ip of an agent")
        }
        try order.retryRule?.check()
        guard order.owner.utf8.count <= 128 else {
            throw ElvesError(
                .schedulerRequestInvalid, "an owner of \(order.owner.utf8.count) bytes; its name holds at most 128")
        }
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
    func ended(_ task: LiveTask, waitMs: Int64) async -> Execution {
        if waitMs > 0 { await task.waitForEnd(until: deadline(waitMs)) }
        return task.record
    }

    /// The monotonic microsecond at which a wait of `waitMs` ends.
    func deadline(_ waitMs: Int64) -> Int64 {
        time.micros() + max(0, min(waitMs, limits.longestWaitMs)) * 1_000
    }

    private func make(_ order: ExecutionOrder) -> LiveTask {
        let wallMs = time.wallMs()
        var record = Execution(
            id: nextID(wallMs), call: order.call, target: order.target, caller: order.caller, trace: order.trace,
            createdAt: wallMs)
        record.isDurable = order.isDurable
        record.owner = order.owner
        record.retryRule = order.retryRule
        record.retryOf = order.retryOf
        if order.startByMs > 0 { record.startBy = wallMs + order.startByMs }
        return LiveTask(
            record, bornMicros: time.micros(), startByMs: order.startByMs,
            claims: order.isDurable || !order.idempotencyKey.isEmpty, isInFlight: !order.isDurable)
    }

    /// Records the task, under its key if it has one, before it is sent. Answers with the task of an earlier, equal
    /// request. `abandon`: gives back what the task holds, because it is none.
    private func create(
        _ task: LiveTask, _ order: ExecutionOrder, abandon: () -> Void
    ) async throws(ElvesError) -> ElvesID? {
        let claim =
            order.idempotencyKey.isEmpty
            ? nil
            : IdempotencyClaim(
                caller: order.caller, key: order.idempotencyKey, fingerprint: RequestFingerprint.of(order))
        let result: ClaimResult
        do {
            result = try await stored { store in try await store.create(task.record, claim: claim) }
        } catch {
            live.remove(task.id)
            abandon()
            throw error
        }
        task.becameKnownToStore()
        guard case .taken(let earlier, let fingerprint) = result else { return nil }
        live.remove(task.id)
        abandon()
        if let claim { try same(claim, fingerprint, earlier) }
        return earlier
    }

    func same(_ claim: IdempotencyClaim, _ fingerprint: [UInt8], _ earlier: ElvesID) throws(ElvesError) {
        guard fingerprint == claim.fingerprint else {
            throw ElvesError(
                .schedulerIdempotencyConflict,
                "this idempotency key was used for another request: \(earlier)",
                details: ["key": claim.key, "earlier": earlier.description])
        }
    }
}
