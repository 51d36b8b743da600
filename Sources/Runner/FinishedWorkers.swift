/// Ends of workers: those that nobody took yet, and the last few that someone did, in case the answer was lost.
struct FinishedWorkers {
    private static let keptCount = 64
    private static let keptBytes = 1 << 16

    private var untaken: [AttemptKey: WorkerEnd] = [:]
    private var taken: [WorkerEnd] = []

    /// Attempts whose ends nobody took.
    var untakenKeys: [AttemptKey] { Array(untaken.keys) }

    func contains(_ key: AttemptKey) -> Bool {
        untaken[key] != nil || taken.contains { $0.key == key }
    }

    /// Stores an end that had no one waiting for it.
    mutating func keep(_ end: WorkerEnd) {
        untaken[end.key] = end
    }

    /// The end of an attempt, now taken.
    mutating func take(_ key: AttemptKey) -> WorkerEnd? {
        guard let end = untaken.removeValue(forKey: key) else { return taken.first { $0.key == key } }
        remember(end)
        return end
    }

    /// Remembers an end that was handed over, if it is small.
    mutating func remember(_ end: WorkerEnd) {
        let size =
            end.output.head.count + end.output.tail.count + end.errors.head.count + end.errors.tail.count
            + end.result.count
        guard size <= Self.keptBytes else { return }
        if taken.count == Self.keptCount { taken.removeFirst() }
        taken.append(end)
    }
}
