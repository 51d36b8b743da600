import ElvesCore
import Synchronization

/// Lists, cursors and events of the store in memory.
extension InMemorySchedulerStore {
    package func history(_ query: HistoryQuery) async throws -> HistoryPage {
        state.withLock { state in
            let found = state.executions.values.filter {
                $0.endedAt > 0 && query.covers($0.id) && query.matches(HistoryEntry($0))
            }.sorted { $0.id > $1.id }
            let page = found.prefix(query.limit).map(\.brief)
            return HistoryPage(
                executions: page, nextBefore: found.count > query.limit ? page.last?.id.rawValue : nil)
        }
    }

    package func index(threshold: Int) async throws -> Int { 0 }

    package func results(of owner: String, after: Int64, limit: Int) async throws -> PlacedEnds {
        state.withLock { state in
            let own = state.places.filter { $0.owner == owner }
            let deleted = state.lostResults[owner] ?? 0
            return PlacedEnds.after(after, deleted: deleted, newest: max(deleted, own.last?.position ?? 0)) { start in
                own.filter { $0.position > start }.prefix(limit).compactMap { place in
                    state.executions[place.task].map { PlacedEnd(position: place.position, execution: $0) }
                }
            }
        }
    }

    package func events(after: Int64, limit: Int) async throws -> EventList {
        state.withLock { state in
            guard after <= state.position else {
                return EventList(events: [], nextAfter: state.position, lost: true)
            }
            let events = Array(state.events.filter { $0.id > after }.prefix(limit))
            return EventList(
                events: events, nextAfter: events.last?.id ?? max(after, state.lost), lost: after < state.lost)
        }
    }

    package func record(_ events: [SchedulerEvent], cursor: FleetCursor) async throws {
        let topics = state.withLock { state in
            let before = state.position
            for event in events { state.add(event) }
            state.fleet = cursor
            return state.topics(since: before)
        }
        feed.advance(topics)
    }

    package func fleetCursor() async throws -> FleetCursor? { state.withLock { $0.fleet } }

    package func retainEvents(_ bounds: EventBounds) async throws -> Int {
        state.withLock { state in
            let newest = state.position
            let gone = state.events.dropLast().prefix(bounds.step).prefix { event in
                event.id <= newest - Int64(bounds.keep) || event.at < bounds.before
            }
            guard let last = gone.last?.id else { return 0 }
            state.lost = last
            state.events.removeFirst(gone.count)
            return gone.count
        }
    }
}
