import AgentLinks
import ElvesCore

/// Takes up what a process that died or stopped left unfinished: nothing is lost, and nothing is started twice.
///
/// A stored record may be older than what was sent. So a task whose record says that it was not sent goes out with
/// the word that it may have been, unless the last process stopped in order; and one that was sent awaits the word of
/// its agent, as after a lost connection.
struct SchedulerRecovery {
    let service: SchedulerService

    /// Answers how many tasks it took up.
    func run() async throws -> Int {
        let open = try await service.store.unfinished(limit: .max)
        var count = 0
        for record in open where record.batchID == nil {
            service.takeUp(record, batch: nil)
            count += 1
        }
        let ofBatches = Dictionary(grouping: open.filter { $0.batchID != nil }) { $0.batchID }
        for batch in try await service.store.unfinishedBatches(limit: .max) {
            count += try await service.resume(batch, open: ofBatches[batch.id] ?? [])
        }
        // Their batches have ended, or are gone: no one else takes them up.
        for (id, records) in ofBatches where id.map({ service.batches[$0] == nil }) ?? true {
            for record in records { service.takeUp(record, batch: nil) }
            count += records.count
        }
        // From now on this process may send them: what their records said of the last one holds no more.
        while await service.writer.writeSome() {}
        await service.writeOpen(.synced)
        if let failure = service.writer.status.failure {
            throw ElvesError(.elvesStoreUnavailable, "tasks that are taken up cannot be recorded: \(failure)")
        }
        return count
    }
}

extension SchedulerService {
    /// Takes up a task from its record, before anybody is served.
    func takeUp(_ record: Execution, batch: LiveBatch?) {
        let now = time.micros()
        let last = record.hops.last
        let isCertain = last?.event == LiveTask.stoppedEvent && last?.rule == LiveTask.stoppedRule
        let wish = record.hops.last { $0.event == LiveTask.wishEvent }?.rule
        let wasSent = record.state != .created || !(isCertain || (record.isDurable && wish == nil))
        var record = record
        record.hops.append(
            TaskHop(
                event: "scheduler started", atMicros: max(0, time.wallMs() - record.createdAt) * 1_000,
                rule: "scheduler.restart"))
        // What was sent had a target: its agent; what is synchronous and may have been is treated as if it was.
        if wasSent, record.state == .created { record.state = .dispatched }
        let patience = now + limits.lostPatienceMs * 1_000
        let remaining = record.startBy > 0 ? now + (record.startBy - time.wallMs()) * 1_000 : patience
        let isInFlight = wasSent || !record.isDurable
        let task = LiveTask(
            recorded: record, bornMicros: bornMicros(record), batch: batch,
            startBy: isCertain && record.startBy > 0 ? remaining : max(patience, remaining), isInFlight: isInFlight,
            again: !isCertain || record.state != .created,
            endWish: wish)
        task.changed()
        live.insert(task)
        if isInFlight { numbers.occupy() }
        // Whoever was not sent gets its places when it is its turn.
        if wasSent { dispatcher.adopt(record) }
        if record.isDurable, batch == nil { _ = numbers.hold(limit: .max) }
        if wasSent {
            awaitWord(task, until: patience)
        } else if record.nextAttemptAt > time.wallMs() {
            task.pause(until: now + (record.nextAttemptAt - time.wallMs()) * 1_000)
        } else {
            submit(task)
        }
    }
}
