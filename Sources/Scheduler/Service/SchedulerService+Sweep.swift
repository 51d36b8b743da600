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
            let (waits, missed) = task.takeDue(now)
            if let missed { self.missed(missed, task) }
            for wait in waits { wait.resume() }
        }
        for batch in batches.all {
            for wait in batch.takeDue(now) { wait.resume() }
            if batch.isDue(now) { endWaiting(batch) }
        }
    }

    func retainUntilCancelled() async {
        while (try? await time.sleep(limits.retentionInterval)) != nil { await retain() }
    }

    /// Deletes records that are too old or too many, a step at a time.
    func retain() async {
        guard let before = ElvesID(createdAtMs: time.wallMs() - limits.retentionMs) else { return }
        let bounds = RetentionBounds(before: before, keep: limits.retentionCount, step: limits.retentionStep)
        do {
            while try await store.retain(bounds) > 0, !Task.isCancelled { await Task.yield() }
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
