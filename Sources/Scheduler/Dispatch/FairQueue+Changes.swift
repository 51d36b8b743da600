import ElvesCore

/// What comes in, and what leaves without a start.
extension FairQueue {
    /// A batch whose tasks are to be started.
    ///
    /// - Parameters:
    ///   - without: places in the plan of tasks that have begun; `resubmit` brings them in.
    ///   - concurrency: how many at once.
    mutating func submit(
        _ batch: ElvesID, plan: [PlannedTask], without begun: Set<Item> = [], key: String, app: String,
        concurrency: Int, whenAway: WhenAway
    ) {
        guard sources[.batch(batch)] == nil else { return }
        let source = SourceLine(
            .batch(batch), key: line(key: key), app: line(app: app), whenAway: whenAway,
            concurrency: max(1, concurrency), plan: plan, without: begun)
        add(source)
        if source.hasItems { makeReady(source) }
    }

    /// A single task that waits its turn.
    mutating func submit(_ task: ElvesID, target: TaskTarget, key: String, app: String) {
        let name = Source.singles(key: key, app: app)
        let source = sources[name] ?? SourceLine(name, key: line(key: key), app: line(app: app))
        guard source.targets.updateValue(AgentName(target), forKey: task.rawValue) == nil else { return }
        if sources[name] == nil { add(source) }
        putFirst(task.rawValue, of: source)
    }

    /// A task of a batch that is to start once more, before those that have not started yet.
    mutating func resubmit(_ item: Item, of batch: ElvesID) {
        guard let source = sources[.batch(batch)], source.plan.indices.contains(Int(item)) else { return }
        putFirst(item, of: source)
    }

    /// Puts the item before what was not looked at yet.
    mutating func putFirst(_ item: Item, of source: SourceLine) {
        source.front.append(item)
        if source.standing == .idle { makeReady(source) }
    }

    /// Takes out a single task that waits; false when it does not.
    mutating func withdraw(_ task: ElvesID, key: String, app: String) -> Bool {
        let item = task.rawValue
        guard let source = sources[.singles(key: key, app: app)], let name = source.targets.removeValue(forKey: item)
        else { return false }
        if let agent = source.parked.removeValue(forKey: item) { unpark(item, of: source, at: agent) }
        source.front.remove(item)
        let wasWoken = source.woken.remove(item)
        if wasWoken, let agent = connected(name) { wakeAgent(agent) }
        forgetIfEmpty(source)
        return true
    }

    /// The batch's tasks wait no longer for agents that are away.
    mutating func endAway(_ batch: ElvesID) {
        guard let source = sources[.batch(batch)] else { return }
        source.whenAway = .end
        sourcesWithAway.remove(source.name)
        let items = source.away.values.sorted()
        source.away = [:]
        for item in items { putFirst(item, of: source) }
    }

    /// Starts nothing more of the batch. What of it is in flight keeps its places.
    mutating func close(_ batch: ElvesID) {
        guard let source = sources[.batch(batch)] else { return }
        for (item, agent) in source.parked { unpark(item, of: source, at: agent) }
        standAside(source, .idle)
        forget(source)
    }

    // MARK: Lines

    mutating func line(key name: String) -> KeyLine {
        if let line = keys[name] { return line }
        let line = KeyLine(name, limits)
        keys[name] = line
        return line
    }

    mutating func line(app name: String) -> AppLine {
        if let line = apps[name] { return line }
        let line = AppLine(name, limits)
        apps[name] = line
        return line
    }

    mutating func line(agent id: ElvesID) -> AgentLine {
        if let line = agents[id] { return line }
        let line = AgentLine(id, limits)
        agents[id] = line
        return line
    }

    private mutating func add(_ source: SourceLine) {
        sources[source.name] = source
        source.key.sources += 1
        source.app.sources += 1
    }

    /// Forgets a source of single tasks that has none.
    mutating func forgetIfEmpty(_ source: SourceLine) {
        guard case .singles = source.name, source.targets.isEmpty else { return }
        forget(source)
    }

    private mutating func forget(_ source: SourceLine) {
        guard sources.removeValue(forKey: source.name) != nil else { return }
        source.standing = .idle
        sourcesWithAway.remove(source.name)
        source.key.ready.remove(source.name)
        source.key.woken.remove(source.name)
        source.app.waiting.remove(source.name, of: source.key.name)
        source.key.sources -= 1
        source.app.sources -= 1
        wakeApp(source.app)
        forgetIfEmpty(source.key, source.app)
    }

    mutating func forgetIfEmpty(_ key: KeyLine, _ app: AppLine) {
        if key.isEmpty {
            keys[key.name] = nil
            turns.remove(key.name)
        }
        if app.isEmpty { apps[app.name] = nil }
    }

    private mutating func unpark(_ item: Item, of source: SourceLine, at agent: AgentLine) {
        agent.items[source.name]?.remove(item)
        if agent.items[source.name]?.isEmpty == true {
            agent.items[source.name] = nil
            agent.waiting.remove(source.name, of: source.key.name)
        }
        if agent.isEmpty { agents[agent.id] = nil }
    }
}
