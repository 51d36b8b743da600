import AgentLinks
package import ElvesCore
import Synchronization

/// What happens in the fleet, for those who follow it.
extension HeartbeatService {
    /// Events after `after` of that epoch, or the newest place for epoch 0; waits up to `waitMs` for at least one.
    package func events(
        epoch: Int64, after: Int64, limit: Int, waitMs: Int64
    ) async throws(ElvesError) -> FleetNotes {
        if let reason = notReadyReason, reason.hasPrefix("reading") { throw ElvesError(.elvesNotReady, reason) }
        let limit = max(1, min(limit, 1_000))
        let found = events.notes(epoch: epoch, after: after, limit: limit)
        guard epoch != 0, found.notes.isEmpty, !found.lost, waitMs > 0 else { return found }
        await events.wait(
            beyond: found.nextAfter, until: time.micros() + min(waitMs, limits.eventWaitMs) * 1_000)
        return events.notes(epoch: epoch, after: after, limit: limit)
    }

    func watchUntilCancelled() async {
        while (try? await time.sleep(limits.watchInterval)) != nil { await watch() }
        for wait in events.takeDue(.max) { wait.resume() }
    }

    /// Looks who is there, some hundred agents at a time, and ends calls that have waited long enough.
    func watch() async {
        let ids = inventory.withLock { $0.ids }
        for start in stride(from: 0, to: ids.count, by: 500) {
            if start > 0 { await Task.yield() }
            look(at: ids[start..<min(start + 500, ids.count)])
        }
        for wait in events.takeDue(time.micros()) { wait.resume() }
    }

    private func look(at ids: ArraySlice<ElvesID>) {
        let now = time.micros()
        let entries = inventory.withLock { inventory in ids.compactMap { inventory[$0] } }
        let sights = entries.map { ($0.record, isAlive($0, now: now)) }
        let news = presence.withLock { presence in
            sights.compactMap { record, isThere in
                presence.see(record.agent.id, isThere: isThere, now: now, absenceMs: limits.absenceMs)
                    .map { (record, $0) }
            }
        }
        let wallMs = time.wallMs()
        events.add(news.map { record, kind in FleetNote(at: wallMs, kind: kind, record: record) })
    }

    /// Tells what has become of the agent's apps since an earlier report.
    func tell(_ record: AgentRecord, since before: AgentReport) {
        let known = Dictionary(before.apps.map { ($0.app, $0) }) { first, _ in first }
        let wallMs = time.wallMs()
        let notes = record.report.apps.compactMap { app -> FleetNote? in
            let old = known[app.app]
            if app.problem.isEmpty {
                let isSame = old.map {
                    $0.problem.isEmpty && $0.version == app.version && $0.treeDigest == app.treeDigest
                }
                if isSame == true { return nil }
            } else if old?.problem == app.problem, old?.version == app.version {
                return nil
            }
            return FleetNote(
                at: wallMs, kind: app.problem.isEmpty ? .appInstalled : .appFailed, record: record, app: app.app,
                version: app.version, problem: app.problem)
        }
        events.add(notes)
    }
}
