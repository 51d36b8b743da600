import ElvesCore
import Testing

@testable import Scheduler

/// Random histories: each start must be one that the model allows, and when the queue rests the model must not know
/// of any that could start.
@Suite struct FairQueuePropertyTests {
    /// A queue and its model, to which the same things happen.
    struct Pair: ~Copyable {
        var queue: FairQueue
        var model: QueueModel
        var random: SeededRandom
        var nextID: Int64 = 1_000
        var batches: [ElvesID] = []
        var startedOnce: Set<ElvesID> = []
        var log: [String] = []

        init(_ seed: UInt64) {
            random = SeededRandom(seed)
            let limits = QueueLimits(
                overall: Int.random(in: 2...30, using: &random), perAgent: Int.random(in: 1...4, using: &random),
                perApp: Int.random(in: 1...12, using: &random), perKey: Int.random(in: 1...12, using: &random),
                apps: ["a": 2], keys: ["x": 3])
            queue = FairQueue(limits)
            model = QueueModel(limits: limits)
        }

        mutating func id() -> ElvesID {
            nextID += 1
            return .test(nextID)
        }

        mutating func target() -> TaskTarget {
            let number = Int64.random(in: 1...6, using: &random)
            return number % 3 == 0 ? TaskTarget(id: nil, ip: "10.0.0.\(number)") : TaskTarget(id: .test(number))
        }

        mutating func submitBatch() {
            let batch = id()
            let key = ["x", "y", "z"].randomElement(using: &random) ?? "x"
            let app = ["a", "b", "c"].randomElement(using: &random) ?? "a"
            let away = [FairQueue.WhenAway.wait, .end].randomElement(using: &random) ?? .end
            let count = Int64.random(in: 1...6, using: &random)
            var tasks: [PlannedTask] = []
            for number in Int64(1)...count {
                let target =
                    number % 3 == 0 ? TaskTarget(id: nil, ip: "10.0.0.\(number)") : TaskTarget(id: .test(number))
                tasks.append(PlannedTask(id: id(), target: target))
            }
            let concurrency = Int.random(in: 1...4, using: &random)
            batches.append(batch)
            model.concurrency[.batch(batch)] = concurrency
            for (index, task) in tasks.enumerated() {
                model.waiting.append(
                    QueueModel.Waiting(
                        task: task.id, source: .batch(batch), item: Int64(index), target: task.target, key: key,
                        app: app, whenAway: away))
            }
            queue.submit(batch, plan: tasks, key: key, app: app, concurrency: concurrency, whenAway: away)
        }

        mutating func submitSingle() {
            let key = ["x", "y", "w"].randomElement(using: &random) ?? "x"
            let app = ["a", "b"].randomElement(using: &random) ?? "a"
            let task = id()
            let target = target()
            model.waiting.append(
                QueueModel.Waiting(
                    task: task, source: .singles(key: key, app: app), item: task.rawValue, target: target, key: key,
                    app: app, whenAway: .handOut))
            queue.submit(task, target: target, key: key, app: app)
        }

        mutating func withdraw() {
            let singles = model.waiting.filter { $0.whenAway == .handOut }
            guard let task = singles.randomElement(using: &random) else { return }
            model.waiting.removeAll { $0 == task }
            let left = (1...2).map { _ in queue.withdraw(task.task, key: task.key, app: task.app) }
            #expect(left == [true, false])
        }

        mutating func close() {
            guard let batch = batches.randomElement(using: &random) else { return }
            batches.removeAll { $0 == batch }
            model.waiting.removeAll { $0.source == .batch(batch) }
            queue.close(batch)
        }

        mutating func admit() {
            let key = ["x", "y"].randomElement(using: &random) ?? "x"
            let app = ["a", "b"].randomElement(using: &random) ?? "a"
            let agent = model.connected.keys.sorted().randomElement(using: &random)
            let task = id()
            let others = model.running.values
            let expected: FairQueue.Refusal? =
                if model.running.count >= model.limits.overall {
                    .overall(model.limits.overall)
                } else if others.count(where: { $0.key == key }) >= model.limits.key(key) {
                    .key(model.limits.key(key))
                } else if others.count(where: { $0.app == app }) >= model.limits.app(app) {
                    .app(model.limits.app(app))
                } else if let agent, others.count(where: { $0.agent == agent }) >= model.limits.perAgent {
                    .agent(model.limits.perAgent)
                } else {
                    nil
                }
            #expect(queue.admit(task, key: key, app: app, agent: agent) == expected)
            guard expected == nil else { return }
            model.running[task] = QueueModel.Running(key: key, app: app, agent: agent, source: nil)
        }

        mutating func release() {
            guard let task = model.running.keys.sorted().randomElement(using: &random),
                let place = model.running.removeValue(forKey: task)
            else { return }
            queue.release(task)
            if Bool.random(using: &random) { queue.release(task) }
            // Now and then a task of a batch is to start once more.
            guard case .batch(let batch) = place.source, batches.contains(batch),
                Int.random(in: 0..<4, using: &random) == 0,
                let line = queue.sources[.batch(batch)],
                let item = line.plan.firstIndex(where: { $0.id == task })
            else { return }
            startedOnce.remove(task)
            model.waiting.append(
                QueueModel.Waiting(
                    task: task, source: .batch(batch), item: Int64(item), target: line.plan[item].target,
                    key: place.key, app: place.app, whenAway: line.whenAway))
            queue.resubmit(Int64(item), of: batch)
        }

        mutating func connectOrDisconnect() {
            let number = Int64.random(in: 1...6, using: &random)
            let (agent, ip) = (ElvesID.test(number), "10.0.0.\(number)")
            if model.connected[agent] == nil {
                model.connected[agent] = ip
                model.maxRunning[agent] = Bool.random(using: &random) ? Int.random(in: 1...3, using: &random) : nil
                queue.connect(agent, ip: ip, maxRunning: model.maxRunning[agent])
            } else {
                model.connected[agent] = nil
                queue.disconnect(agent, ip: ip)
            }
        }

        mutating func act() {
            let action = Int.random(in: 0..<16, using: &random)
            log.append("\(action)")
            switch action {
            case 0, 1: submitBatch()
            case 2, 3, 4: submitSingle()
            case 5: withdraw()
            case 6: if Bool.random(using: &random) { close() }
            case 7, 8: admit()
            case 9: connectOrDisconnect()
            default: release()
            }
        }

        /// Starts all that may start, and compares.
        mutating func settle() {
            while true {
                switch queue.next() {
                case .start(let task, let source, let item):
                    guard let waiting = model.waiting.first(where: { $0.task == task }) else {
                        Issue.record("\(task) started though it does not wait")
                        return
                    }
                    #expect(waiting.source == source && waiting.item == item)
                    #expect(model.obstacle(waiting) == nil)
                    #expect(startedOnce.insert(task).inserted)
                    model.start(waiting)
                case .unreachable(let source, let item):
                    guard let waiting = model.waiting.first(where: { $0.source == source && $0.item == item }) else {
                        Issue.record("an item that does not wait is unreachable")
                        return
                    }
                    #expect(waiting.whenAway == .end && model.agent(of: waiting.target) == nil)
                    model.waiting.removeAll { $0 == waiting }
                case .busy: continue
                case .idle:
                    for waiting in model.waiting {
                        guard let obstacle = model.obstacle(waiting) else {
                            Issue.record("\(waiting) could start")
                            return
                        }
                        _ = obstacle
                    }
                    #expect(queue.inFlight == model.running.count)
                    return
                }
            }
        }
    }

    @Test(arguments: (0..<300).map(UInt64.init)) func agreesWithTheModel(seed: UInt64) {
        var pair = Pair(seed)
        for _ in 0..<400 {
            pair.act()
            pair.settle()
        }
        // All that runs ends, every agent comes: everything starts.
        for number: Int64 in 1...6 where pair.model.connected[.test(number)] == nil {
            pair.model.connected[.test(number)] = "10.0.0.\(number)"
            pair.model.maxRunning[.test(number)] = nil
            pair.queue.connect(.test(number), ip: "10.0.0.\(number)")
        }
        while true {
            pair.settle()
            guard let task = pair.model.running.keys.min() else { break }
            pair.model.running[task] = nil
            pair.queue.release(task)
        }
        #expect(pair.model.waiting.isEmpty, "seed \(seed)")
        // Nothing is kept of what is gone.
        for batch in pair.batches { pair.queue.close(batch) }
        pair.settle()
        #expect(pair.queue.sources.isEmpty && pair.queue.places.isEmpty && pair.queue.keys.isEmpty)
        #expect(pair.queue.apps.isEmpty && pair.queue.sourcesWithAway.isEmpty, "seed \(seed)")
        for number: Int64 in 1...6 { pair.queue.disconnect(.test(number), ip: "10.0.0.\(number)") }
        #expect(pair.queue.agents.isEmpty && pair.queue.addresses.isEmpty, "seed \(seed)")
    }
}
