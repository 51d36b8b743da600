import ElvesCore

@testable import Scheduler

/// What a queue of tasks must do, in the slowest and most obvious way: lists, and a look at everything.
struct QueueModel {
    struct Waiting: Hashable {
        let task: ElvesID
        let source: FairQueue.Source
        let item: FairQueue.Item
        let target: TaskTarget
        let key: String
        let app: String
        let whenAway: FairQueue.WhenAway
    }

    struct Running {
        let key: String
        let app: String
        let agent: ElvesID?
        let source: FairQueue.Source?
    }

    let limits: QueueLimits
    var waiting: [Waiting] = []
    var running: [ElvesID: Running] = [:]
    var connected: [ElvesID: String] = [:]
    /// How many tasks an agent runs at once, where it said so.
    var maxRunning: [ElvesID: Int] = [:]
    var concurrency: [FairQueue.Source: Int] = [:]

    func agent(of target: TaskTarget) -> ElvesID? {
        if let id = target.id { return connected[id] == nil ? nil : id }
        return connected.first { $0.value == target.ip }?.key
    }

    /// Why the task may not start now; nil when it may.
    func obstacle(_ task: Waiting) -> String? {
        if running.count >= limits.queuedOverall { return "overall" }
        let others = running.values
        if others.count(where: { $0.key == task.key }) >= limits.queuedKey(task.key) { return "key" }
        if others.count(where: { $0.app == task.app }) >= limits.queuedApp(task.app) { return "app" }
        if others.count(where: { $0.source == task.source }) >= concurrency[task.source] ?? .max { return "own" }
        guard let agent = agent(of: task.target) else { return task.whenAway == .handOut ? nil : "away" }
        return others.count { $0.agent == agent } >= min(limits.queuedPerAgent, maxRunning[agent] ?? .max)
            ? "agent" : nil
    }

    mutating func start(_ task: Waiting) {
        waiting.removeAll { $0 == task }
        running[task.task] = Running(
            key: task.key, app: task.app, agent: agent(of: task.target), source: task.source)
    }
}
