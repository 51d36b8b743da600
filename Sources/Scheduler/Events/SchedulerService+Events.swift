import AgentLinks
package import ElvesCore

/// What happened, for those who follow it.
extension SchedulerService {
    /// Events after `after` (-1: only what is to come); waits up to `waitMs` for at least one.
    package func events(after: Int64, limit: Int, waitMs: Int64) async throws(ElvesError) -> EventList {
        try serves()
        guard after >= -1 else {
            throw ElvesError(
                .schedulerRequestInvalid,
                "events after \(after); it must be an event's id, 0, or -1 for what is to come")
        }
        let limit = max(1, min(limit, 1_000))
        let deadline = deadline(waitMs)
        let after = after == -1 ? store.feed.position(.events) : after
        while true {
            let seen = store.feed.position(.events)
            let list = try await stored { store in try await store.events(after: after, limit: limit) }
            guard list.events.isEmpty, !list.lost, waitMs > 0, time.micros() < deadline, !isStopping,
                !Task.isCancelled
            else { return list }
            await store.feed.wait(for: .events, beyond: seen, until: deadline)
        }
    }
}
