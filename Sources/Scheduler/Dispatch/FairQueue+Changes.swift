import ElvesCore

/// What comes in and what leaves without a start.
extension FairQueue {
    /// A batch whose tasks are to be started. `concurrency`: how many at once.
    mutating func submit(
        _ batch: ElvesID, plan: [PlannedTask], key: String, app: String, concurrency: Int, whenAway: WhenAway
    ) {
        let source = Source.batch(batch)
        guard sources[source] == nil else { return }
        sources[source] = SourceLine(
            Traits(key: key, app: app, whenAway: whenAway, concurrency: max(1, concurrency)), plan: plan)
        if !plan.isEmpty { makeReady(source) }
    }

    /// A single task that waits its turn.
    mutating func submit(_ task: ElvesID, target: TaskTarget, key: String, app: String) {
        let source = Source.singles(key: key, app: app)
        if sources[source] == nil {
            sources[source] = SourceLine(Traits(key: key, app: app))
        }
        guard sources[source]?.targets[task.rawValue] == nil else { return }
        sources[source]?.targets[task.rawValue] = AgentName(target)
        putFirst(task.rawValue, of: source)
    }

    /// A task of a batch that is to start once more, before those that have not started yet.
    mutating func resubmit(_ item: Item, of batch: ElvesID) {
        guard let count = sources[.batch(batch)]?.plan.count, (0..<count).contains(Int(item)) else { return }
        putFirst(item, of: .batch(batch))
    }

    /// Puts the item before what was not looked at yet.
    mutating func putFirst(_ item: Item, of source: Source) {
        guard let standing = sources[source]?.standing else { return }
        sources[source]?.front.append(item)
        if standing == .idle { makeReady(source) }
    }

    /// Takes out a single task that waits; false when it does not.
    mutating func withdraw(_ task: ElvesID, key: String, app: String) -> Bool {
        let source = Source.singles(key: key, app: app)
        let item = task.rawValue
        guard let name = sources[source]?.targets[item] else { return false }
        if let agent = sources[source]?.parked.removeValue(forKey: item) {
            unpark(item, of: source, key, at: agent)
        }
        sources[source]?.front.remove(item)
        let wasWoken = sources[source]?.woken.remove(item) == true
        sources[source]?.targets[item] = nil
        if wasWoken, let agent = connected(name) { wakeAgent(agent) }
        forgetIfEmpty(source)
        return true
    }

    /// Starts nothing more of the batch. What of it is in flight keeps its places.
    mutating func close(_ batch: ElvesID) {
        let source = Source.batch(batch)
        guard let traits = sources[source]?.traits, let parked = sources[source]?.parked else { return }
        for (item, agent) in parked { unpark(item, of: source, traits.key, at: agent) }
        sourcesWithAway.remove(source)
        keys[traits.key]?.ready.remove(source)
        apps[traits.app]?.waiting.remove(source, of: traits.key)
        standAside(source, .idle)
        sources[source] = nil
        wakeApp(traits.app)
    }

    /// Forgets a source of single tasks that has none.
    mutating func forgetIfEmpty(_ source: Source) {
        guard case .singles(let key, let app) = source, sources[source]?.targets.isEmpty == true else { return }
        sources[source] = nil
        keys[key]?.ready.remove(source)
        keys[key]?.woken.remove(source)
        apps[app]?.waiting.remove(source, of: key)
        wakeApp(app)
    }

    private mutating func unpark(_ item: Item, of source: Source, _ key: String, at agent: ElvesID) {
        agents[agent]?.items[source]?.remove(item)
        if agents[agent]?.items[source]?.isEmpty == true {
            agents[agent]?.items[source] = nil
            agents[agent]?.waiting.remove(source, of: key)
        }
        forgetIfGone(agent)
    }
}
