import AgentLinks
import ElvesCore
import Logging
import Synchronization

/// Agents whose records differ from the store's.
struct Unwritten {
    var ids: Set<ElvesID> = []
    /// Why the store does not take records; nil while it does.
    var failure: String?
}

/// What happens by itself.
extension HeartbeatService {
    // MARK: The catalog

    func followUntilCancelled() async {
        var failing = false
        while !Task.isCancelled {
            let start = time.micros()
            do {
                let changed = try await follow()
                if failing { logger.notice("the catalog is followed again") }
                failing = false
                // An answer without news should have taken its time; do not ask in a tight loop.
                if changed || time.micros() - start > 100_000 { continue }
            } catch {
                // What is known goes on being served: the supervisor may be away for long.
                if !failing, !Task.isCancelled {
                    logger.warning("the catalog cannot be followed", metadata: ["error": "\(error)"])
                }
                failing = true
            }
            try? await time.sleep(limits.catalogRetry)
        }
    }

    /// Waits for one change of the catalog and takes it over; answers whether there was any.
    func follow() async throws -> Bool {
        let known = catalog.withLock { $0 }
        var change = try await catalogSource.changes(after: known?.generation ?? 0, waitMs: limits.catalogWaitMs)
        if let known, change.generation < known.generation, !change.complete {
            // The supervisor was restored from a backup: begin anew with what it has.
            change = try await catalogSource.changes(after: 0, waitMs: 0)
        }
        var next = known ?? Catalog()
        guard next.apply(change), next != known else { return false }
        catalog.withLock { [next] in $0 = next }
        adopt(next)
        do {
            // After a change that was not written, the next alone would leave a gap behind it.
            let whole = CatalogChange(
                generation: next.generation, complete: true, entries: Array(next.entries.values))
            try await store.save(catalogIsUnsaved.load(ordering: .relaxed) ? whole : change)
            catalogIsUnsaved.store(false, ordering: .relaxed)
        } catch {
            catalogIsUnsaved.store(true, ordering: .relaxed)
            logger.error(
                "the catalog cannot be written; the next change writes all of it", metadata: ["error": "\(error)"])
        }
        return true
    }

    // MARK: Telling agents

    func refreshUntilCancelled() async {
        while (try? await time.sleep(limits.refreshInterval)) != nil {
            if needsRefresh.exchange(false, ordering: .acquiringAndReleasing) { await refreshAll() }
        }
    }

    /// Tells every connected agent whose desired state changed; changes that came close together as one.
    func refreshAll() async {
        for (place, channel) in registry.links.enumerated() {
            // A thousand agents take about as long as a beat of one takes to travel; others want the thread too.
            if place % 256 == 255 { await Task.yield() }
            refresh(channel)
        }
    }

    private func refresh(_ channel: FleetChannel) {
        let (number, planner) = plan.withLock { ($0.number, $0.planner) }
        guard let entry = inventory.withLock({ $0[channel.agent.id] }),
            let desired = planner.desired(for: entry.attributes, installed: entry.record.report.apps)
        else { return }
        let has = desired.generation == entry.record.report.desiredGeneration
        inventory.withLock {
            $0.planned(
                entry.record,
                Inventory.Planned(
                    plan: number, generation: desired.generation,
                    isSatisfied: has && desired.isReported(in: entry.record)))
        }
        guard !has, desired.generation != entry.told else { return }
        inventory.withLock { $0.told(channel.agent.id, desired.generation) }
        channel.link.refresh(desired.generation)
    }

    // MARK: Writing

    func writeUntilCancelled() async {
        while (try? await time.sleep(limits.writeInterval)) != nil {
            while await writeSome(), !Task.isCancelled {}
        }
    }

    /// Writes up to one batch of records; answers whether more wait. Called by one loop only.
    func writeSome() async -> Bool {
        let ids = unwritten.withLock { unwritten in
            let ids = Array(unwritten.ids.prefix(limits.writeBatch))
            unwritten.ids.subtract(ids)
            return ids
        }
        guard !ids.isEmpty else { return false }
        let records = inventory.withLock { inventory in ids.compactMap { inventory[$0]?.record } }
        do {
            try await store.save(records)
        } catch {
            let reason = ElvesError(wrapping: error).message
            let isNew = unwritten.withLock { unwritten in
                unwritten.ids.formUnion(ids)
                defer { unwritten.failure = reason }
                return unwritten.failure != reason
            }
            if isNew { logger.error("agents cannot be written", metadata: ["error": "\(reason)"]) }
            return false
        }
        inventory.withLock { inventory in
            for record in records { inventory.written(record.agent.id, beatAt: record.lastBeatAt) }
        }
        return unwritten.withLock { unwritten in
            unwritten.failure = nil
            return !unwritten.ids.isEmpty
        }
    }

    // MARK: Forgetting

    func forgetUntilCancelled() async {
        while (try? await time.sleep(limits.retentionInterval)) != nil { await forget() }
    }

    /// Forgets agents without a beat for long, a step at a time.
    func forget() async {
        let before = time.wallMs() - limits.retentionMs
        do {
            while !Task.isCancelled {
                let gone = try await store.forget(lastBeatBefore: before, limit: limits.writeBatch)
                if gone.isEmpty { return }
                inventory.withLock { inventory in
                    for id in gone where inventory[id].map({ $0.record.lastBeatAt < before }) ?? false {
                        inventory.remove(id)
                        presence.withLock { $0.forget(id) }
                    }
                }
                logger.notice("agents without a beat for long are forgotten", metadata: ["agents": "\(gone.count)"])
            }
        } catch {
            logger.error("old agents cannot be deleted", metadata: ["error": "\(error)"])
        }
    }
}
