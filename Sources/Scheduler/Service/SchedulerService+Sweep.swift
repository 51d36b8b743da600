import AgentLinks
import ElvesCore
import Logging

/// What happens by itself: deadlines and retention.
extension SchedulerService {
    func sweepUntilCancelled() async {
        while (try? await time.sleep(limits.sweepInterval)) != nil { sweep() }
    }

    /// Wakes whoever waited long enough, and gives up what did not come in time.
    ///
    /// One look over the tasks in memory costs less than a timer for each of them.
    func sweep() {
        let now = time.micros()
        for task in live.filter({ $0.isDue(now) }) {
            let due = task.takeDue(now)
            if let missed = due.missed { self.missed(missed, task) }
            if let (channel, reason) = due.kill { channel.link.kill(task.id, reason: reason) }
            for wait in due.waits { wait.resume() }
        }
        for batch in batches.all {
            for wait in batch.takeDue(now) { wait.resume() }
            if batch.isDue(now) { endWaiting(batch) }
        }
        for wait in store.feed.takeDue(now) { wait.resume() }
        output?.sweep(now)
    }

    func retainUntilCancelled() async {
        while (try? await time.sleep(limits.retentionInterval)) != nil {
            await retain()
            await retainFiles()
        }
    }

    /// Fills the indexes of lists when enough is missing there.
    func indexUntilCancelled() async {
        while (try? await time.sleep(limits.indexInterval)) != nil {
            do {
                _ = try await store.index(threshold: limits.unindexedRecords)
            } catch {
                logger.error("lists of tasks cannot be indexed", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Deletes records that are too old or too many, a step at a time.
    func retain() async {
        let bounds = RetentionBounds(
            before: time.wallMs() - limits.retentionMs, keep: limits.retentionCount, bytes: limits.retentionBytes,
            step: limits.retentionStep)
        let events = EventBounds(
            keep: limits.eventCount, before: time.wallMs() - limits.eventMs, step: limits.retentionStep)
        do {
            while try await store.retain(bounds) > 0, !Task.isCancelled { await Task.yield() }
            // Events stay until lists find their tasks without them: in quiet times, too, that is not long.
            _ = try await store.index(threshold: 1)
            while try await store.retainEvents(events) > 0, !Task.isCancelled { await Task.yield() }
        } catch {
            logger.error("old records cannot be deleted", metadata: ["error": "\(error)"])
        }
    }
}

extension ElvesID {
    /// The smallest id of that millisecond; nil before 2025.
    init?(createdAtMs: Int64) {
        let tick = createdAtMs - ElvesID.epochMs
        guard tick > 0 else { return nil }
        self.init(rawValue: tick << 22)
    }
}
