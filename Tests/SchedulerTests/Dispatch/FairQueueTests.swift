import ElvesCore
import Testing

@testable import Scheduler

@Suite struct FairQueueTests {
    private func queue(
        overall: Int = 1_000_000, perAgent: Int = 1_000_000, perApp: Int = 1_000_000, perKey: Int = 1_000_000,
        apps: [String: Int] = [:], keys: [String: Int] = [:], agents: ClosedRange<Int64> = 1...10
    ) -> FairQueue {
        var queue = FairQueue(
            QueueLimits(
                overall: overall, perAgent: perAgent, perApp: perApp, perKey: perKey, apps: apps, keys: keys))
        for agent in agents { queue.connect(.test(agent), ip: "10.0.\(agent / 256).\(agent % 256)") }
        return queue
    }

    private func plan(_ agents: ClosedRange<Int64>, from id: Int64) -> [PlannedTask] {
        agents.map { PlannedTask(id: .test(id + $0), target: TaskTarget(id: .test($0))) }
    }

    /// The sources of the next starts, until nothing can start or `limit` have.
    private func starts(_ queue: inout FairQueue, limit: Int = .max) -> [(task: ElvesID, source: FairQueue.Source)] {
        var found: [(ElvesID, FairQueue.Source)] = []
        while found.count < limit {
            switch queue.next() {
            case .start(let task, let source, _): found.append((task, source))
            case .busy, .unreachable: continue
            case .idle: return found
            }
        }
        return found
    }

    @Test func aSmallKeyHasItsTurnBesideAGiantBatch() {
        var queue = queue(overall: 100, agents: 1...1_000)
        queue.submit(
            .test(1), plan: plan(1...1_000, from: 10_000), key: "giant", app: "a", concurrency: .max, whenAway: .end)
        var running = starts(&queue)
        #expect(running.count == 90, "a tenth is left for calls that do not wait")
        for number: Int64 in 1...20 {
            queue.submit(.test(50_000 + number), target: TaskTarget(id: .test(number)), key: "small", app: "a")
        }
        // Forty places become free one after another: each key gets every second one.
        var small = 0
        for _ in 0..<40 {
            queue.release(running.removeFirst().task)
            let next = starts(&queue)
            #expect(next.count == 1)
            running += next
            small += next.count { $0.source == .singles(key: "small", app: "a") }
        }
        #expect(small == 20)
    }

    /// One key's tasks fill no agent's own line, where nobody has turns.
    @Test func whatAnAgentDoesNotRunWaitsHere() {
        var queue = queue(perAgent: 256, agents: 1...1)
        queue.connect(.test(1), ip: "10.0.0.1", maxRunning: 4)
        for number: Int64 in 1...200 {
            queue.submit(.test(1_000 + number), target: TaskTarget(id: .test(1)), key: "giant", app: "a")
        }
        let running = starts(&queue)
        #expect(running.count == 4)
        queue.submit(.test(9_000), target: TaskTarget(id: .test(1)), key: "small", app: "a")
        // Calls that do not wait have their own bound.
        #expect(queue.admit(.test(9_001), key: "call", app: "a", agent: .test(1)) == nil)
        queue.release(.test(9_001))
        for task in running.prefix(2) { queue.release(task.task) }
        #expect(starts(&queue).contains { $0.task == .test(9_000) })
        // One that says nothing, as those of earlier versions, takes what fits.
        queue.disconnect(.test(1), ip: "10.0.0.1")
        queue.connect(.test(1), ip: "10.0.0.1")
        #expect(starts(&queue).count > 190)
    }

    /// A thousand keys, each with as much as it likes: none gets more than a task ahead of another.
    @Test func aThousandKeysShareAlike() {
        var queue = queue(overall: 500, agents: 1...50)
        var shares: [FairQueue.Source: Int] = [:]
        for key: Int64 in 1...1_000 {
            // Some have ten times the work of others.
            let agents = key % 10 == 0 ? 50 : Int64(5)
            queue.submit(
                .test(key), plan: plan(1...agents, from: key * 1_000), key: "key-\(key)", app: "a",
                concurrency: .max, whenAway: .end)
            shares[.batch(.test(key))] = 0
        }
        var running = starts(&queue)
        for start in running { shares[start.source, default: 0] += 1 }
        while let first = running.first, shares.values.min() ?? 0 < 5 {
            let (least, most) = (shares.values.min() ?? 0, shares.values.max() ?? 0)
            #expect(most - least <= 1)
            running.removeFirst()
            queue.release(first.task)
            let next = starts(&queue)
            for start in next { shares[start.source, default: 0] += 1 }
            running += next
        }
        #expect(shares.values.allSatisfy { $0 == 5 || $0 == 6 })
    }

    /// Keys that all wait for the same app share its places alike, however many batches each of them has.
    @Test func keysShareTheirAppsPlaces() {
        var queue = queue(apps: ["deploy": 4], agents: 1...100)
        for batch: Int64 in 1...30 {
            queue.submit(
                .test(batch), plan: plan(1...100, from: batch * 1_000), key: batch == 1 ? "one" : "many",
                app: "deploy", concurrency: .max, whenAway: .end)
        }
        var running = starts(&queue)
        #expect(running.count == 4)
        var ofOne = 0
        for _ in 0..<100 {
            queue.release(running.removeFirst().task)
            let next = starts(&queue)
            #expect(next.count == 1)
            ofOne += next.count { $0.source == .batch(.test(1)) }
            running += next
        }
        #expect((45...55).contains(ofOne))
    }

    @Test func keysShareAnAgentsPlaces() {
        var queue = queue(perAgent: 2)
        for number: Int64 in 1...200 {
            queue.submit(.test(number), target: TaskTarget(id: .test(1)), key: "many", app: "a\(number % 7)")
        }
        for number: Int64 in 201...220 {
            queue.submit(.test(number), target: TaskTarget(id: nil, ip: "10.0.0.1"), key: "few", app: "a")
        }
        var running = starts(&queue)
        #expect(running.count == 2)
        var few = 0
        for _ in 0..<36 {
            queue.release(running.removeFirst().task)
            let next = starts(&queue)
            #expect(next.count == 1)
            few += next.count { $0.source == .singles(key: "few", app: "a") }
            running += next
        }
        #expect((17...19).contains(few))
    }

    @Test func aFullAgentKeepsABatchFromNothingElse() {
        var queue = queue(perAgent: 1)
        #expect(queue.admit(.test(99), key: "other", app: "b", agent: .test(1)) == nil)
        queue.submit(.test(1), plan: plan(1...10, from: 100), key: "k", app: "a", concurrency: .max, whenAway: .end)
        #expect(starts(&queue).map(\.task) == (2...10).map { .test(100 + $0) })
        queue.release(.test(99))
        #expect(starts(&queue).map(\.task) == [.test(101)])
    }

    @Test func aFullAppKeepsItsKeyFromNothingElse() {
        var queue = queue(apps: ["deploy": 1])
        for number: Int64 in 1...3 {
            queue.submit(.test(number), target: TaskTarget(id: .test(number)), key: "k", app: "deploy")
            queue.submit(.test(10 + number), target: TaskTarget(id: .test(number)), key: "k", app: "list")
        }
        #expect(Set(starts(&queue).map(\.task)) == [.test(1), .test(11), .test(12), .test(13)])
        queue.release(.test(1))
        #expect(starts(&queue).map(\.task) == [.test(2)])
    }

    @Test func whoIsAwayHoldsNoPlaceOfItsBatch() {
        var queue = queue(agents: 6...10)
        queue.submit(.test(1), plan: plan(1...10, from: 100), key: "k", app: "a", concurrency: 5, whenAway: .wait)
        #expect(starts(&queue).map(\.task) == (6...10).map { .test(100 + $0) })
        queue.connect(.test(3), ip: "10.0.0.3")
        #expect(starts(&queue).isEmpty, "five run already")
        queue.release(.test(107))
        #expect(starts(&queue).map(\.task) == [.test(103)])
    }

    @Test func whoIsAwayEndsWhereTheBatchDoesNotWait() {
        var queue = queue(agents: 1...1)
        queue.submit(.test(1), plan: plan(1...2, from: 100), key: "k", app: "a", concurrency: 1, whenAway: .end)
        #expect(queue.next() == .start(task: .test(101), source: .batch(.test(1)), item: 0))
        #expect(queue.next() == .idle)
        queue.release(.test(101))
        #expect(queue.next() == .unreachable(source: .batch(.test(1)), item: 1))
        #expect(queue.next() == .idle)
    }

    @Test func aCallThatDoesNotWaitIsToldWhichLimitIsFull() {
        var queue = queue(overall: 6, perAgent: 4, perApp: 3, perKey: 2, keys: ["big": 5])
        #expect(queue.admit(.test(1), key: "k", app: "a", agent: .test(1)) == nil)
        #expect(queue.admit(.test(2), key: "k", app: "b", agent: .test(1)) == nil)
        #expect(queue.admit(.test(3), key: "k", app: "c", agent: .test(1)) == .key(2))
        #expect(queue.admit(.test(4), key: "big", app: "b", agent: .test(1)) == nil)
        #expect(queue.admit(.test(5), key: "big", app: "b", agent: .test(1)) == nil)
        #expect(queue.admit(.test(6), key: "big", app: "b", agent: .test(2)) == .app(3))
        #expect(queue.admit(.test(7), key: "big", app: "c", agent: .test(1)) == .agent(4))
        #expect(queue.admit(.test(8), key: "big", app: "c", agent: .test(2)) == nil)
        #expect(queue.admit(.test(9), key: "big", app: "c", agent: .test(2)) == nil)
        #expect(queue.admit(.test(10), key: "big", app: "d", agent: .test(2)) == .overall(6))
        queue.release(.test(1))
        #expect(queue.admit(.test(10), key: "big", app: "d", agent: .test(2)) == nil)
    }

    @Test func callsThatDoNotWaitFindRoomBesideABatch() {
        var queue = queue(perApp: 50, perKey: 40, agents: 1...100)
        queue.submit(.test(1), plan: plan(1...100, from: 100), key: "k", app: "a", concurrency: .max, whenAway: .end)
        #expect(starts(&queue).count == 36)
        for number: Int64 in 1...4 { #expect(queue.admit(.test(number), key: "k", app: "a", agent: .test(1)) == nil) }
        #expect(queue.admit(.test(5), key: "k", app: "a", agent: .test(1)) == .key(40))
    }

    @Test func aHundredThousandTargetsLeaveNothingBehind() {
        var queue = queue(overall: 5_000, agents: 1...1_000)
        let plan = (Int64(1)...100_000).map { number in
            PlannedTask(id: .test(1_000_000 + number), target: TaskTarget(id: .test(number)))
        }
        queue.submit(.test(1), plan: plan, key: "k", app: "a", concurrency: .max, whenAway: .wait)
        #expect(starts(&queue).count == 1_000)
        for number: Int64 in 1...1_000 { queue.release(.test(1_000_000 + number)) }
        queue.close(.test(1))
        #expect(queue.sources.isEmpty && queue.keys.isEmpty && queue.apps.isEmpty && queue.places.isEmpty)
    }
}
