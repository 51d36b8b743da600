internal import CElvesProcess
internal import Glibc
package import Logging

/// A worker that has not ended, or whose end nobody took.
package struct RunningWorker: Hashable, Sendable {
    package var key: AttemptKey
    /// 0 when it ended.
    package var pid: Int32
    package var age: Duration
}

/// An end that waits for its copy.
private struct Closing {
    var end: WorkerEnd
    var hasResult: Bool
    var copy: OutputCopy
    var until: Int64
}

/// Starts workers, keeps their pipes, ends their whole trees and says how they ended. One thread for all of them.
package actor WorkerHost: DescriptorLoopDelegate {
    private static let sweepPause: Int64 = 1_000_000_000
    /// How long an end waits for a disk that does not take its copy.
    private static let copyPatience: Int64 = 2_000_000_000
    private static let childToken: UInt64 = 1
    /// Slots below are tokens of the loop and of this host.
    private static let firstSlot: UInt64 = 2

    private let loop = DescriptorLoop()
    private let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    private let childSignals: Int32
    private let buffer = ReadBuffer()
    private var nextSlot = firstSlot
    private var workers: [UInt64: Worker] = [:]
    private var slots: [AttemptKey: UInt64] = [:]
    private var waiting: [AttemptKey: [UInt64: CheckedContinuation<WorkerEnd?, any Error>]] = [:]
    /// Who waits for an end without taking it.
    private var watching: [AttemptKey: [CheckedContinuation<Void, Never>]] = [:]
    private var nextWaiter: UInt64 = 0
    private var finished: UntakenEnds
    private var trees: WorkerTrees
    private var dueAt: Int64?
    private var isStopping = false
    private let groups: WorkerGroups?
    private let isPrivileged = elves_is_privileged() != 0
    private let disk = DiskWriter()
    /// Ends whose copies are still being written, and until when they are waited for.
    private var closing: [AttemptKey: Closing] = [:]
    /// Workers that were asked for, started or not.
    package private(set) var asked: Int64 = 0

    nonisolated package var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    /// Starts the thread.
    ///
    /// `ownsProcess`: this process has no children but workers, as the runner has not; what else turns up as its
    /// child is then some worker's. `usesPidfds: false` watches children as is done on kernels before 5.3,
    /// and where a filter forbids pidfds. `groups`: the cgroups that workers are born in. `ends`: where ends wait that
    /// nobody takes and that memory should not hold. `logger` is told of those that are dropped.
    package init(
        ownsProcess: Bool, usesPidfds: Bool = true, groups: sending WorkerGroups? = nil, ends: EndPlace? = nil,
        logger: Logger? = nil
    ) {
        finished = UntakenEnds(ends, disk: disk, logger: logger)
        self.groups = groups
        trees = WorkerTrees(ownsProcess: ownsProcess)
        elves_ignore_broken_pipes()
        _ = elves_become_subreaper()
        childSignals = usesPidfds && elves_has_pidfds() != 0 ? -1 : elves_eventfd()
        loop.start(delegate: self)
        guard childSignals >= 0 else { return }
        loop.watch(childSignals, token: Self.childToken)
        elves_wake_on_child(childSignals)
    }

    deinit {
        close(null)
        guard childSignals >= 0 else { return }
        elves_wake_on_child(-1)
        close(childSignals)
    }

    /// Starts a worker and waits for its end.
    ///
    /// Cancelling stops the waiting, not the worker.
    package func run(_ order: WorkerOrder) async throws -> WorkerEnd {
        try start(order)
        return try await end(of: order.key)
    }

    /// Starts a worker; its end is kept until `end` takes it, also when it could not start.
    package func start(_ order: WorkerOrder) throws {
        guard !isStopping else { throw HostRefusal.stopping }
        guard slots[order.key] == nil, !finished.contains(order.key) else {
            throw HostRefusal.alreadyStarted(order.key)
        }
        asked += 1
        let askedAt = elves_monotonic_ns()
        let group = groups?.take()
        do throws(LaunchFailure) {
            let (launched, inputSent) = try order.launch(null: null, group: group, unprivileged: isPrivileged)
            if let group, launched.group == nil { groups?.giveBack(group, isUntouched: false) }
            let worker = Worker(
                order: order, slot: nextSlot, askedAt: askedAt, launched: launched, inputSent: inputSent,
                writer: disk)
            nextSlot += 1
            workers[worker.slot] = worker
            slots[order.key] = worker.slot
            trees.add(worker)
            worker.watch(on: loop)
            if let copyAt = worker.copyAt { lookAgain(copyAt) }
            advance(worker, now: worker.startedAt)
        } catch {
            if let group { groups?.giveBack(group) }
            keep(WorkerEnd(key: order.key, status: .notStarted(error.text)))
        }
    }

    /// The end of an attempt that was started here.
    package func end(of key: AttemptKey) async throws -> WorkerEnd {
        if let end = finished.take(key) { return end }
        if slots[key] != nil, let end = try await nextEnd(of: key) { return end }
        if let end = await finished.takeFromDisk(key) { return end }
        throw HostRefusal.unknownAttempt(key)
    }

    /// The end of a worker that runs; nil when it ended on the way here and its end is on the disk.
    private func nextEnd(of key: AttemptKey) async throws -> WorkerEnd? {
        nextWaiter += 1
        let waiter = nextWaiter
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                // Looked at again: for a task with an executor of its own, other jobs of this actor may have run
                // on the way here, and the worker may have ended.
                if let end = finished.take(key) {
                    continuation.resume(returning: end)
                } else if slots[key] == nil {
                    continuation.resume(returning: nil)
                } else if Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    waiting[key, default: [:]][waiter] = continuation
                }
            }
        } onCancel: {
            loop.perform { self.assumeIsolated { $0.stopWaiting(key, waiter) } }
        }
    }

    /// Ends every worker of a task: TERM, grace, KILL.
    ///
    /// Returns when nothing of it is left.
    package func kill(taskId: Int64) async {
        let keys = slots.keys.filter { $0.taskId == taskId }
        for key in keys {
            guard let worker = slots[key].flatMap({ workers[$0] }) else { continue }
            end(worker)
        }
        for key in keys { await waitUntilGone(key) }
    }

    private func end(_ worker: Worker) {
        // One that ended by itself a moment ago was not killed.
        worker.checkProcess(loop)
        if worker.status == nil { worker.life.kill() }
        advance(worker, now: elves_monotonic_ns())
    }

    /// Copies the outputs of a task's workers from now on, however short they are.
    package func copyOutput(taskId: Int64) {
        for worker in workers.values where worker.order.key.taskId == taskId { worker.beginCopy() }
    }

    /// Workers alive, and those whose end nobody took.
    package func running() -> [RunningWorker] {
        let now = elves_monotonic_ns()
        finished.dropOld()
        shelve()
        return workers.values.map {
            RunningWorker(key: $0.order.key, pid: $0.pid, age: .nanoseconds(now - $0.startedAt))
        } + closing.keys.map { RunningWorker(key: $0, pid: 0, age: .zero) }
            + finished.keys.map { RunningWorker(key: $0, pid: 0, age: .zero) }
    }

    /// Takes no more workers, ends those that run, and stops the thread: nothing may be asked of it any more.
    package func shutDown() async {
        await endAll()
        disk.stop()
        for _ in 0..<50 where groups?.remove() == false { try? await Task.sleep(for: .milliseconds(2)) }
        loop.stop()
    }

    /// Takes no more workers and ends those that run, all at the same time.
    package func endAll() async {
        isStopping = true
        for worker in Array(workers.values) { end(worker) }
        while let key = slots.keys.first { await waitUntilGone(key) }
    }

    /// Returns when no worker of the attempt runs.
    private func waitUntilGone(_ key: AttemptKey) async {
        await withCheckedContinuation { continuation in
            if slots[key] == nil {
                continuation.resume()
            } else {
                watching[key, default: []].append(continuation)
            }
        }
    }

    // MARK: On the loop

    nonisolated func ready(token: UInt64) {
        assumeIsolated { $0.take(token) }
    }

    nonisolated func turn(now: Int64) -> Int64? {
        assumeIsolated { $0.look(now: now) }
    }

    private func take(_ token: UInt64) {
        guard token != Self.childToken else { return childrenChanged() }
        guard let worker = workers[token >> 3], let part = Worker.Part(rawValue: token & 7) else { return }
        worker.ready(part, loop: loop, buffer: buffer)
        if part == .process { advance(worker, now: elves_monotonic_ns()) }
    }

    private func childrenChanged() {
        var count: UInt64 = 0
        _ = read(childSignals, &count, MemoryLayout.size(ofValue: count))
        for worker in workers.values {
            worker.checkProcess(loop)
            if worker.status != nil { advance(worker, now: elves_monotonic_ns()) }
        }
    }

    private func look(now: Int64) -> Int64? {
        trees.forget()
        guard let due = dueAt, now >= due else { return dueAt }
        dueAt = nil
        for worker in Array(workers.values) {
            if let copyAt = worker.copyAt {
                if now >= copyAt { worker.beginCopy() } else { lookAgain(copyAt) }
            }
            guard let at = worker.dueAt else { continue }
            if now >= at { advance(worker, now: now) } else { lookAgain(at) }
        }
        for (key, waiting) in closing {
            if now >= waiting.until { copied(waiting.copy.endNow(), of: key) } else { lookAgain(waiting.until) }
        }
        if !workers.isEmpty || !trees.isSettled {
            trees.sweep()
            lookAgain(now + Self.sweepPause)
        }
        return dueAt
    }

    private func lookAgain(_ time: Int64) {
        dueAt = min(dueAt ?? .max, time)
    }

    private func advance(_ worker: Worker, now: Int64) {
        while workers[worker.slot] === worker {
            let isEnded = worker.status != nil
            switch worker.life.advance(now: now, leaderEnded: isEnded, isEmpty: { trees.isEmpty(worker) }) {
            case .wait(let until):
                worker.dueAt = until
                lookAgain(min(until ?? .max, now + Self.sweepPause))
                return
            case .terminate:
                // Who is stopped hears TERM when it goes on.
                let count = trees.signal(worker, SIGTERM, SIGCONT)
                if isEnded { worker.leftovers = count }
            case .kill(let again):
                trees.kill(worker)
                worker.dueAt = again
                lookAgain(again)
                return
            case .finish:
                finish(worker)
            }
        }
    }

    private func finish(_ worker: Worker) {
        let key = worker.order.key
        let (end, copy) = worker.finish(loop: loop, buffer: buffer, survivors: trees.survivors(of: worker))
        workers[worker.slot] = nil
        trees.remove(worker)
        if let group = worker.group { groups?.giveBack(group, isUntouched: !worker.wasKilled) }
        let hasResult = worker.order.resultLimit != nil
        guard let copy else { return deliver(end, hasResult: hasResult) }
        let until = elves_monotonic_ns() + Self.copyPatience
        closing[key] = Closing(end: end, hasResult: hasResult, copy: copy, until: until)
        lookAgain(until)
        copy.end { [loop] copied in loop.perform { self.assumeIsolated { $0.copied(copied, of: key) } } }
    }

    private func copied(_ bytes: Int64?, of key: AttemptKey) {
        guard var closed = closing.removeValue(forKey: key) else { return }
        closed.end.copiedBytes = bytes
        deliver(closed.end, hasResult: closed.hasResult)
    }

    /// `hasResult`: what the worker has to say is not in its outputs.
    private func deliver(_ end: WorkerEnd, hasResult: Bool) {
        let key = end.key
        slots[key] = nil
        defer { for watcher in watching.removeValue(forKey: key) ?? [] { watcher.resume() } }
        guard let waiters = waiting.removeValue(forKey: key), !waiters.isEmpty else {
            return keep(end, mayLoseOutput: hasResult)
        }
        finished.remember(end)
        for waiter in waiters.values { waiter.resume(returning: end) }
    }

    private func keep(_ end: WorkerEnd, mayLoseOutput: Bool = false) {
        finished.keep(end, mayLoseOutput: mayLoseOutput)
        shelve()
    }

    private func shelve() {
        finished.shelve { [loop] key, isWritten in
            loop.perform { self.assumeIsolated { $0.finished.settle(key, isWritten: isWritten) } }
        }
    }

    private func stopWaiting(_ key: AttemptKey, _ waiter: UInt64) {
        waiting[key]?.removeValue(forKey: waiter)?.resume(throwing: CancellationError())
    }
}
