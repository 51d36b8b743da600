import Testing

@testable import Agent

@Suite struct AdmissionQueueTests {
    private typealias Need = AdmissionQueue.Need

    @Test func placesThenWaitingThenNoMore() {
        var queue = AdmissionQueue(running: 1, waiting: 1)
        let need = Need(app: "a")
        #expect(queue.ask(need, ticket: 1) == .admitted)
        #expect(queue.ask(need, ticket: 2) == .waits)
        #expect(queue.ask(need, ticket: 3) == .full)
        #expect(queue.release(need) == [2] && queue.runningCount == 1 && queue.waitingCount == 0)
        #expect(queue.release(need) == [] && queue.runningCount == 0)
    }

    @Test func anAppWaitsForItsOwnAndOthersPass() {
        var queue = AdmissionQueue(running: 3, waiting: 1)
        let narrow = Need(app: "narrow", appLimit: 1)
        #expect(queue.ask(narrow, ticket: 1) == .admitted)
        #expect(queue.ask(narrow, ticket: 2) == .waits)
        #expect(queue.ask(narrow, ticket: 3) == .appFull)
        #expect(queue.ask(Need(app: "wide"), ticket: 4) == .admitted)
        #expect(queue.release(narrow) == [2])
    }

    @Test func aLockIsOneTasksAcrossApps() {
        var queue = AdmissionQueue(running: 9, waiting: 9)
        let (first, second) = (Need(app: "a", lock: "packages"), Need(app: "b", lock: "packages"))
        #expect(queue.ask(first, ticket: 1) == .admitted)
        #expect(queue.ask(second, ticket: 2) == .waits && queue.ask(first, ticket: 3) == .waits)
        #expect(queue.ask(Need(app: "a", lock: "disk"), ticket: 4) == .admitted)
        #expect(queue.release(first) == [2] && queue.release(second) == [3])
    }

    @Test func aLockThatAnotherWaitsForIsKeptForIt() {
        var queue = AdmissionQueue(running: 9, waiting: 9)
        let both = Need(app: "a", appLimit: 1, lock: "x")
        let lockOnly = Need(app: "b", lock: "x")
        #expect(queue.ask(Need(app: "a", appLimit: 1), ticket: 1) == .admitted)
        // The lock is free, but the app is full.
        #expect(queue.ask(both, ticket: 2) == .waits)
        #expect(queue.ask(lockOnly, ticket: 3) == .waits)
        #expect(queue.release(Need(app: "a", appLimit: 1)) == [2])
        #expect(queue.release(both) == [3])
    }

    @Test func whoLeavesMakesWay() {
        var queue = AdmissionQueue(running: 9, waiting: 9)
        #expect(queue.ask(Need(app: "a", appLimit: 1), ticket: 1) == .admitted)
        #expect(queue.ask(Need(app: "a", appLimit: 1, lock: "x"), ticket: 2) == .waits)
        #expect(queue.ask(Need(app: "b", lock: "x"), ticket: 3) == .waits)
        #expect(queue.leave(2) == [3] && queue.leave(2) == nil && queue.leave(9) == nil)
    }

    @Test func whatRunsAlreadyCounts() {
        var queue = AdmissionQueue(running: 1, waiting: 9)
        let need = Need(app: "a", lock: "x")
        queue.take(need)
        queue.take(need)
        #expect(queue.runningCount == 2 && queue.ask(need, ticket: 1) == .waits)
        #expect(queue.release(need) == [] && queue.release(need) == [1])
    }

    @Test func anAppThatSaysNothingTakesHalfOfThePlacesToWait() {
        var queue = AdmissionQueue(running: 1, waiting: 5)
        let (greedy, other) = (Need(app: "greedy"), Need(app: "other"))
        #expect(queue.ask(greedy, ticket: 1) == .admitted)
        for ticket in 2...4 as ClosedRange<UInt64> { #expect(queue.ask(greedy, ticket: ticket) == .waits) }
        #expect(queue.ask(greedy, ticket: 5) == .appWaitingFull)
        // What others wait for is not its business.
        #expect(queue.ask(other, ticket: 6) == .waits && queue.ask(other, ticket: 7) == .waits)
        #expect(queue.ask(other, ticket: 8) == .full)
        #expect(queue.counts["greedy"]?.running == 1 && queue.counts["greedy"]?.waiting == 3)
        #expect(queue.counts["other"]?.running == 0 && queue.counts["other"]?.waiting == 2)
        #expect(AdmissionQueue(running: 1, waiting: 1).appShare == 1)
        #expect(AdmissionQueue(running: 1, waiting: 0).appShare == 0)
    }

    @Test func anAppThatSaysHowManyWaitIsHeldToIt() {
        var queue = AdmissionQueue(running: 9, waiting: 4)
        let need = Need(app: "a", appLimit: 1, lock: "x")
        #expect(queue.ask(need, ticket: 1, appWaiting: 0) == .admitted, "it does not wait")
        #expect(queue.ask(need, ticket: 2, appWaiting: 0) == .appWaitingFull)
        #expect(queue.ask(need, ticket: 3, appWaiting: 0, mayWait: false) == .appWaitingFull)
        for ticket in 4...6 as ClosedRange<UInt64> {
            #expect(queue.ask(need, ticket: ticket, appWaiting: 9) == .waits, "more than its share")
        }
        // One leaves, one is admitted: a version that wants fewer is held to its own number, whoever waits still.
        #expect(queue.leave(5) == [])
        #expect(queue.ask(need, ticket: 7, appWaiting: 2) == .appWaitingFull)
        #expect(queue.release(need) == [4])
        #expect(queue.ask(need, ticket: 8, appWaiting: 2) == .waits)
        #expect(queue.ask(need, ticket: 9, appWaiting: 2) == .appWaitingFull)
        #expect(queue.release(need) == [6] && queue.release(need) == [8] && queue.release(need) == [])
        #expect(queue.counts.isEmpty)
    }

    @Test func whatAnEarlierAgentStartedDoesNotCountAsWaiting() {
        var queue = AdmissionQueue(running: 2, waiting: 2)
        let need = Need(app: "a", appLimit: 1)
        for _ in 0..<3 { queue.take(need) }
        #expect(queue.ask(need, ticket: 1) == .waits && queue.ask(need, ticket: 2) == .appWaitingFull)
        #expect(queue.release(need) == [] && queue.release(need) == [] && queue.release(need) == [1])
    }

    @Test func thousandsWaitInOrder() {
        var queue = AdmissionQueue(running: 1, waiting: 5000)
        let need = Need(app: "a", lock: "x")
        for ticket in 0..<5001 { _ = queue.ask(need, ticket: UInt64(ticket), appWaiting: 5000) }
        for ticket in 1..<5001 where ticket % 3 == 0 { #expect(queue.leave(UInt64(ticket)) == []) }
        var order: [UInt64] = []
        while queue.runningCount > 0 { order += queue.release(need) }
        #expect(order == (1...5000).filter { $0 % 3 != 0 }.map(UInt64.init))
    }

    // MARK: Against a model

    /// The rules in the plainest words: a list in order of arrival.
    private struct Model {
        var places: Int
        var limit: Int
        var running: [Need] = []
        var waiting: [(ticket: UInt64, need: Need)] = []

        func isFree(_ need: Need) -> Bool {
            running.count < places
                && need.appLimit.map { limit in running.count { $0.app == need.app } < limit } ?? true
                && !(need.lock != nil && running.contains { $0.lock == need.lock })
        }

        mutating func ask(_ need: Need, _ ticket: UInt64, _ appWaiting: Int?) -> AdmissionQueue.Answer {
            if isFree(need), need.lock == nil || !waiting.contains(where: { $0.need.lock == need.lock }) {
                running.append(need)
                return .admitted
            }
            guard waiting.count < limit else { return running.count < places ? .appFull : .full }
            let others = waiting.count { $0.need.app == need.app }
            guard others < appWaiting ?? (limit + 1) / 2 else { return .appWaitingFull }
            waiting.append((ticket, need))
            return .waits
        }

        mutating func release(_ need: Need) -> [UInt64] {
            if let place = running.firstIndex(of: need) { running.remove(at: place) }
            return admit()
        }

        mutating func leave(_ ticket: UInt64) -> [UInt64]? {
            guard let place = waiting.firstIndex(where: { $0.ticket == ticket }) else { return nil }
            waiting.remove(at: place)
            return admit()
        }

        mutating func admit() -> [UInt64] {
            var admitted: [UInt64] = []
            var kept: Set<String> = []
            var place = 0
            while place < waiting.count {
                let (ticket, need) = waiting[place]
                if isFree(need), need.lock.map({ !kept.contains($0) }) ?? true {
                    running.append(need)
                    admitted.append(ticket)
                    waiting.remove(at: place)
                    continue
                }
                if let lock = need.lock { kept.insert(lock) }
                place += 1
            }
            return admitted
        }
    }

    @Test(arguments: 0..<40) func doesAsTheModelDoes(round: Int) {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        let places = Int.random(in: 1...6, using: &random)
        let limit = Int.random(in: 0...12, using: &random)
        var queue = AdmissionQueue(running: places, waiting: limit)
        var model = Model(places: places, limit: limit)
        var running: [Need] = []
        var waiting: [UInt64: Need] = [:]
        func admitted(_ tickets: [UInt64]) {
            for ticket in tickets { if let need = waiting.removeValue(forKey: ticket) { running.append(need) } }
        }
        for step in 1...400 {
            let ticket = UInt64(step)
            switch Int.random(in: 0...9, using: &random) {
            case 0...5:
                let app = ["a", "b", "c"].randomElement(using: &random) ?? ""
                let need = Need(
                    app: app, appLimit: app == "c" ? nil : Int.random(in: 1...2, using: &random),
                    lock: [nil, nil, "x", "y"].randomElement(using: &random) ?? nil)
                let appWaiting = [nil, nil, 0, 1, 3, 20].randomElement(using: &random) ?? nil
                let answer = queue.ask(need, ticket: ticket, appWaiting: appWaiting)
                #expect(answer == model.ask(need, ticket, appWaiting), "seed \(seed) step \(step)")
                if answer == .admitted { running.append(need) }
                if answer == .waits { waiting[ticket] = need }
            case 6, 7, 8:
                guard let place = running.indices.randomElement(using: &random) else { continue }
                let need = running.remove(at: place)
                let now = queue.release(need)
                #expect(now.sorted() == model.release(need).sorted(), "seed \(seed) step \(step)")
                admitted(now)
            default:
                guard let ticket = waiting.keys.sorted().randomElement(using: &random) else { continue }
                waiting[ticket] = nil
                let now = queue.leave(ticket)
                #expect(now?.sorted() == model.leave(ticket)?.sorted(), "seed \(seed) step \(step)")
                admitted(now ?? [])
            }
            #expect(running.count <= places && waiting.count <= limit)
            for lock in ["x", "y"] { #expect(running.count { $0.lock == lock } <= 1, "seed \(seed) step \(step)") }
            #expect(queue.runningCount == running.count && queue.waitingCount == waiting.count)
            for app in ["a", "b", "c"] {
                let count = queue.counts[app] ?? (0, 0)
                #expect(count.running == running.count { $0.app == app }, "seed \(seed) step \(step)")
                #expect(count.waiting == waiting.values.count { $0.app == app }, "seed \(seed) step \(step)")
            }
        }
        // Whoever waits gets its turn when those that run end.
        var ends = 0
        while let need = running.popLast() {
            ends += 1
            admitted(queue.release(need))
            #expect(ends < 10_000)
        }
        #expect(waiting.isEmpty && queue.runningCount == 0, "seed \(seed)")
    }

    /// However the others come and go, the oldest of a lock is next.
    @Test func nobodyStarves() {
        var queue = AdmissionQueue(running: 2, waiting: 10)
        let wanted = Need(app: "a", appLimit: 1, lock: "x")
        var running = [Need(app: "a", appLimit: 1), Need(app: "b", lock: "x")]
        var ticket: UInt64 = 2
        #expect(queue.ask(running[0], ticket: 0) == .admitted && queue.ask(running[1], ticket: 1) == .admitted)
        #expect(queue.ask(wanted, ticket: 2) == .waits)
        for turn in 0..<20 {
            let ended = running.remove(at: turn % 2)
            let now = queue.release(ended)
            if now.contains(2) { return }
            ticket += 1
            #expect(queue.ask(ended, ticket: ticket) == .waits || queue.runningCount <= 2)
            running.insert(ended, at: turn % 2)
        }
        Issue.record("the oldest has not run after twenty ends")
    }
}

/// SplitMix64: the same numbers for the same seed.
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
