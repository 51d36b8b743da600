import ElvesCore
import Testing

@testable import Scheduler

/// Results, events and deliveries as every store keeps them.
@Suite struct EventConformanceTests {
    @Test(arguments: StoreKind.allCases) func anEndHasAPlaceInItsOwnersCursor(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            try await store.write(
                [.ended(3, owner: "queue"), .ended(1, owner: "cron"), .ended(2, .unknown, owner: "queue"), .ended(4)],
                batches: [], .synced)
            try await store.write([.ended(5, .dispatched, owner: "queue")], batches: [], .buffered)
            var ends = try await store.results(of: "queue", after: 0, limit: 10).ends
            #expect(ends.map(\.execution.id.rawValue) == [3, 2])
            #expect(try await store.results(of: "cron", after: 0, limit: 10).ends.map(\.execution.id.rawValue) == [1])
            #expect(try await store.results(of: "nobody", after: 0, limit: 10).ends.isEmpty)
            let last = try #require(ends.last).position
            #expect(store.feed.position(.results(owner: "queue")) == last)
            // The same end again has no second place; a late word has.
            try await store.write([.ended(2, .unknown, owner: "queue")], batches: [], .buffered)
            #expect(try await store.results(of: "queue", after: last, limit: 10).ends.isEmpty)
            try await store.write([.ended(2, .failed, owner: "queue")], batches: [], .buffered)
            ends = try await store.results(of: "queue", after: last, limit: 10).ends
            #expect(ends.map(\.execution) == [.ended(2, .failed, owner: "queue")])
            #expect(try await store.results(of: "queue", after: 0, limit: 1).ends.map(\.execution.id.rawValue) == [3])
        }
    }

    @Test(arguments: StoreKind.allCases) func concurrentWritesAreInOneOrderWithoutGaps(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            try await withThrowingTaskGroup { group in
                for number: Int64 in 1...200 {
                    group.addTask {
                        try await store.write([.ended(number, owner: "queue")], batches: [], .synced)
                    }
                }
                group.addTask {
                    var after: Int64 = 0
                    var seen: [Int64] = []
                    while seen.count < 200 {
                        for end in try await store.results(of: "queue", after: after, limit: 7).ends {
                            #expect(end.position > after)
                            after = end.position
                            seen.append(end.execution.id.rawValue)
                        }
                        await Task.yield()
                    }
                    #expect(Set(seen).count == 200)
                }
                try await group.waitForAll()
            }
        }
    }

    @Test(arguments: StoreKind.allCases) func resultsStayAsLongAsRecords(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            try await store.write((1...9).map { .ended($0, owner: "queue") }, batches: [], .buffered)
            try await kind.settle(store)
            _ = try await store.retain(RetentionBounds(before: 2005, keep: 100, step: 10))
            #expect(
                try await store.results(of: "queue", after: 0, limit: 2).ends.map(\.execution.id.rawValue) == [5, 6])
            #expect(try await store.walk(HistoryQuery()) == [9, 8, 7, 6, 5])
        }
    }

    @Test(arguments: StoreKind.allCases) func aReaderIsToldOfWhatItMissed(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            func read(_ after: Int64, of owner: String = "queue") async throws -> PlacedEnds {
                try await store.results(of: owner, after: after, limit: 2)
            }
            func ids(_ list: PlacedEnds) -> [Int64] { list.ends.map(\.execution.id.rawValue) }
            try await store.write(
                (1...9).map { .ended($0, owner: "queue") } + [.ended(10, owner: "cron")], batches: [], .buffered)
            try await kind.settle(store)
            let places = try await store.results(of: "queue", after: 0, limit: 20).ends.map(\.position)
            #expect(try await !read(0).lost)
            _ = try await store.retain(RetentionBounds(before: 2_005, keep: 100, step: 10))
            for (after, lost) in [(0, true), (places[2], true), (places[3], false), (places[4], false)] {
                let list = try await read(after)
                #expect(list.lost == lost && ids(list) == (after == places[4] ? [6, 7] : [5, 6]))
            }
            while try await store.retain(RetentionBounds(before: .max, keep: 100, step: 2)) > 0 {}
            // With nothing left it is told once, and goes on behind what is gone.
            #expect(try await read(places[6]) == PlacedEnds(ends: [], nextAfter: places[8], lost: true))
            #expect(try await read(places[8]) == PlacedEnds(ends: [], nextAfter: places[8], lost: false))
            // A place that this store never gave: what there is comes from its start.
            #expect(try await read(places[8] + 50) == PlacedEnds(ends: [], nextAfter: places[8], lost: true))
            try await store.write([.ended(11, owner: "queue"), .ended(12, owner: "queue")], batches: [], .buffered)
            let list = try await read(places[8] + 50)
            #expect(list.lost && ids(list) == [11, 12])
            #expect(try await !read(list.nextAfter).lost)
            #expect(try await read(7, of: "nobody") == PlacedEnds(ends: [], nextAfter: 0, lost: true))
            #expect(try await read(0, of: "nobody") == PlacedEnds(ends: [], nextAfter: 0, lost: false))
        }
    }

    @Test(arguments: StoreKind.allCases) func endsAreEvents(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            var batch = Batch(
                id: .test(9), call: FunctionCall(app: "hello", function: "greet", labels: ["a": "b"]), total: 1,
                concurrency: 1, generation: 1, caller: "key-1", trace: "", createdAt: 1)
            let task = Execution.ended(10, .failed, labels: ["ticket": "OPS-12"], batch: 9)
            try await store.write([task, .ended(11, .dispatched)], batches: [batch], .buffered)
            batch.endedAt = 77
            try await store.write([], batches: [batch], .buffered)
            try await store.write([], batches: [batch], .buffered)
            let list = try await store.events(after: 0, limit: 10)
            var expected = [SchedulerEvent(end: task), SchedulerEvent(end: batch)]
            for index in expected.indices { expected[index].id = list.events[index].id }
            #expect(list.events == expected)
            #expect(list.nextAfter == list.events.last?.id)
            #expect(!list.lost)
            #expect(store.feed.position(.events) == list.nextAfter)
            #expect(list.events[0].message == "broken")
            #expect(try await store.events(after: list.events[0].id, limit: 10).events.map(\.kind) == [.batchEnded])
            #expect(try await store.events(after: 0, limit: 1).nextAfter == list.events[0].id)
        }
    }

    @Test(arguments: StoreKind.allCases) func aLateWordIsAnEventOfItsOwn(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            try await store.write([.ended(1, .unknown)], batches: [], .buffered)
            try await store.write([.ended(1, .failed)], batches: [], .buffered)
            let states = try await store.events(after: 0, limit: 10).events.map(\.state)
            #expect(states == [.unknown, .failed])
        }
    }

    @Test(arguments: StoreKind.allCases) func eventsOfTheFleetComeWithTheirCursor(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            #expect(try await store.fleetCursor() == nil)
            var event = SchedulerEvent(at: 5, kind: .appFailed)
            event.target = TaskTarget(id: .test(7), ip: "10.0.0.7", name: "web-7")
            event.app = "hello"
            event.version = "1.2.3"
            event.message = "no room"
            try await store.record([event], cursor: FleetCursor(epoch: 3, after: 8))
            #expect(try await store.fleetCursor() == FleetCursor(epoch: 3, after: 8))
            let list = try await store.events(after: 0, limit: 10)
            event.id = list.nextAfter
            #expect(list.events == [event])
            try await store.record([], cursor: FleetCursor(epoch: 4, after: 0))
            #expect(try await store.fleetCursor() == FleetCursor(epoch: 4, after: 0))
        }
    }

    @Test(arguments: StoreKind.allCases) func whoComesLateHearsThatEventsAreLost(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            try await store.write((1...20).map { .ended($0) }, batches: [], .buffered)
            while try await store.index(threshold: 1) > 0 {}
            #expect(try await store.retainEvents(EventBounds(keep: 8, before: 0, step: 5)) == 5)
            #expect(try await store.retainEvents(EventBounds(keep: 8, before: 0, step: 10)) == 7)
            #expect(try await store.retainEvents(EventBounds(keep: 8, before: 0, step: 10)) == 0)
            // By age: events of 2,013 and 2,014 go.
            #expect(try await store.retainEvents(EventBounds(keep: 8, before: 2_015, step: 10)) == 2)
            let list = try await store.events(after: 3, limit: 2)
            #expect(list.lost)
            #expect(list.events.map(\.task) == [.test(15), .test(16)])
            #expect(try await !store.events(after: 14, limit: 2).lost)
            // The newest stays, so that places are not given twice.
            _ = try await store.retainEvents(EventBounds(keep: 0, before: .max, step: 100))
            #expect(try await store.events(after: 19, limit: 2).events.map(\.id) == [20])
            let beyond = try await store.events(after: 99, limit: 2)
            #expect(beyond.lost)
            #expect(beyond.nextAfter == 20)
        }
    }

    @Test(arguments: StoreKind.allCases) func matchingEventsAreDelivered(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            var webhook = WebhookRecord(url: "https://example.org/hook")
            webhook.kinds = [.taskEnded]
            webhook.apps = ["hello", "other"]
            webhook.states = [.failed]
            webhook.secret = "s"
            webhook.createdAt = 4
            webhook.caller = "key-1"
            try await store.write([.ended(1, .failed)], batches: [], .buffered)
            webhook.id = try await store.add(webhook)
            #expect(try await store.webhooks() == [webhook])
            try await store.write(
                [.ended(2, .failed), .ended(3), .ended(4, .failed, app: "third"), .ended(5, .failed, app: "other")],
                batches: [], .buffered)
            let due = try await store.dueDeliveries(webhook.id, now: .max, limit: 10)
            #expect(due.map(\.event.task) == [.test(2), .test(5)])
            #expect(
                due.map(\.event)
                    == (try await store.events(after: 0, limit: 10).events.filter {
                        due.map(\.event.id).contains($0.id)
                    }))
            #expect(try await store.nextDelivery(webhook.id) == 0)
            #expect(try await store.dueDeliveries(webhook.id, now: 0, limit: 10).count == 2)
            try await store.settle(
                [due[0].id: .taken, due[1].id: .retry(at: 9_000, problem: "503")], now: 5_000)
            #expect(try await store.nextDelivery(webhook.id) == 9_000)
            let again = try await store.dueDeliveries(webhook.id, now: 9_000, limit: 10)
            #expect(again.map(\.tries) == [1])
            #expect(again.map(\.lastAt) == [5_000])
            try await store.settle([due[1].id: .dead(problem: "gone")], now: 9_000)
            #expect(try await store.nextDelivery(webhook.id) == nil)
            #expect(try await store.deliveryCounts() == [webhook.id: DeliveryCounts(waiting: 0, dead: 1)])
            let letters = try await store.deadLetters(webhook.id, before: .max, limit: 10)
            #expect(letters.map(\.problem) == ["gone"])
            #expect(letters.map(\.tries) == [2])
            #expect(try await store.revive(due[1].id, now: 9_500))
            #expect(try await !store.revive(due[1].id, now: 9_500))
            #expect(try await store.dueDeliveries(webhook.id, now: 9_500, limit: 1).map(\.tries) == [0])
            #expect(try await store.removeWebhook(webhook.id))
            #expect(try await !store.removeWebhook(webhook.id))
            #expect(try await store.deliveryCounts().isEmpty)
            try await store.write([.ended(6, .failed)], batches: [], .buffered)
            #expect(try await store.deliveryCounts().isEmpty)
        }
    }

    @Test(arguments: StoreKind.allCases) func whatIsTooMuchForAWebhookBecomesDeadLetters(
        _ kind: StoreKind
    ) async throws {
        try await kind.with { store async throws in
            let id = try await store.add(WebhookRecord(url: "https://example.org"))
            try await store.write((1...10).map { .ended($0) }, batches: [], .buffered)
            let died = try await store.trimDeliveries(
                id, keep: 4, problem: "too many", keepDead: 5, deadBefore: 2_003)
            #expect(died == 6)
            #expect(try await store.deliveryCounts() == [id: DeliveryCounts(waiting: 4, dead: 4)])
            let page = try await store.deadLetters(id, before: .max, limit: 2)
            #expect(page.map(\.event.task) == [.test(6), .test(5)])
            #expect(page.map(\.problem) == ["too many", "too many"])
            let next = try await store.deadLetters(id, before: try #require(page.last).id, limit: 9)
            #expect(next.map(\.event.task) == [.test(4), .test(3)])
        }
    }
}
