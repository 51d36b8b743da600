import ElvesCore

/// Whose turn it is: tasks that wait, fair between caller keys, within limits.
///
/// Keys take turns, then the sources of a key: a task each. A task that some limit holds back stands aside at what is
/// full, and holds back no task that is free to go. When a place becomes free there, one of those that wait for it is woken,
/// again by turns of their keys; if that one cannot use the place, the next is. So a start costs about the same however
/// many wait.
///
/// Pure: no clock, no I/O. Whoever changes something asks `next()` until it says `.idle`.
struct FairQueue: Sendable {
    /// What is to be done.
    enum Step: Hashable, Sendable {
        /// The task has its places: start it. `release` gives them back.
        case start(task: ElvesID, source: Source, item: Item)
        /// The task's agent is not connected, and the task does not wait.
        case unreachable(source: Source, item: Item)
        /// Much was looked at without a start: ask again.
        case busy
        /// Nothing can start now.
        case idle
    }

    /// Which limit refuses a task that does not wait.
    enum Refusal: Hashable, Sendable {
        case overall(Int)
        case key(Int)
        case app(Int)
        case agent(Int)
    }

    let limits: QueueLimits
    var sources: [Source: SourceLine] = [:]
    var keys: [String: KeyLine] = [:]
    var apps: [String: AppLine] = [:]
    var agents: [ElvesID: AgentLine] = [:]
    var addresses: [String: ElvesID] = [:]
    var places: [ElvesID: Place] = [:]
    /// Keys with something to try, in turn.
    var turns = LinkedSet<String>()
    /// Sources some of whose agents are away.
    var sourcesWithAway: Set<Source> = []

    /// Looks in one go, at most.
    static let looksAtOnce = 256

    init(_ limits: QueueLimits) {
        self.limits = limits
    }

    /// Tasks in flight.
    var inFlight: Int { places.count }

    /// The next task that may start.
    mutating func next() -> Step {
        var looks = Self.looksAtOnce
        while looks > 0 {
            guard inFlight < limits.queuedOverall, let key = turns.first else { return .idle }
            guard keys[key, default: KeyLine()].running < limits.queuedKey(key),
                let source = keys[key]?.ready.popFirst()
            else {
                turns.remove(key)
                passOn(key)
                continue
            }
            if let step = look(at: source, of: key, &looks) { return step }
        }
        return .busy
    }

    /// Looks whether something of the source can start; nil when not.
    private mutating func look(at source: Source, of key: String, _ looks: inout Int) -> Step? {
        looks -= 1
        guard let traits = sources[source]?.traits, let running = sources[source]?.running else { return nil }
        guard running < traits.concurrency else {
            standAside(source, .ownFull)
            wakeApp(traits.app)
            return nil
        }
        guard apps[traits.app]?.running ?? 0 < limits.queuedApp(traits.app) else {
            apps[traits.app]?.waiting.append(source, of: key)
            standAside(source, .appFull)
            return nil
        }
        while let item = sources[source]?.take() {
            looks -= 1
            if let step = place(item, of: source, traits) { return step }
            guard looks > 0 else {
                keys[key]?.ready.append(source)
                return nil
            }
        }
        sources[source]?.standing = .idle
        keys[key]?.woken.remove(source)
        wakeApp(traits.app)
        return nil
    }

    /// Starts the item or puts it where it waits; nil when there is nothing to be done about it now.
    private mutating func place(_ item: Item, of source: Source, _ traits: Traits) -> Step? {
        guard let name = sources[source]?.agent(of: item), let task = sources[source]?.task(of: item) else {
            return nil
        }
        guard let agent = connected(name) else {
            switch traits.whenAway {
            case .handOut: return start(task, source, item, Place(traits, agent: nil, source: source))
            case .wait:
                sources[source]?.away[name] = item
                sourcesWithAway.insert(source)
                return nil
            case .end:
                keys[traits.key]?.ready.append(source)
                return .unreachable(source: source, item: item)
            }
        }
        guard agents[agent]?.running ?? 0 < limits.queuedPerAgent else {
            agents[agent]?.waiting.append(source, of: traits.key)
            agents[agent]?.items[source, default: LinkedSet()].append(item)
            sources[source]?.parked[item] = agent
            return nil
        }
        return start(task, source, item, Place(traits, agent: agent, source: source))
    }

    private mutating func start(_ task: ElvesID, _ source: Source, _ item: Item, _ place: Place) -> Step {
        take(place, for: task)
        sources[source]?.targets[item] = nil
        if sources[source]?.woken.isEmpty != false { keys[place.key]?.woken.remove(source) }
        if sources[source]?.hasItems == true {
            keys[place.key]?.ready.append(source)
        } else {
            sources[source]?.standing = .idle
        }
        turns.remove(place.key)
        if keys[place.key]?.ready.isEmpty == false { turns.append(place.key) }
        forgetIfEmpty(source)
        // There may be room for more than this one.
        wakeApp(place.app)
        if let agent = place.agent { wakeAgent(agent) }
        return .start(task: task, source: source, item: item)
    }

    /// The agent that the name means now; nil when it is not connected.
    func connected(_ name: AgentName) -> ElvesID? {
        switch name {
        case .id(let id): agents[id]?.isConnected == true ? id : nil
        case .ip(let ip): addresses[ip]
        }
    }

    // MARK: Places

    /// Takes places for a task that does not wait, or says which limit refuses it.
    mutating func admit(_ task: ElvesID, key: String, app: String, agent: ElvesID?) -> Refusal? {
        if inFlight >= limits.overall { return .overall(limits.overall) }
        if keys[key]?.running ?? 0 >= limits.key(key) { return .key(limits.key(key)) }
        if apps[app]?.running ?? 0 >= limits.app(app) { return .app(limits.app(app)) }
        if let agent, agents[agent]?.running ?? 0 >= limits.perAgent { return .agent(limits.perAgent) }
        take(Place(key: key, app: app, agent: agent), for: task)
        return nil
    }

    /// Takes places for a task that was in flight before the process began, past every limit.
    mutating func adopt(_ task: ElvesID, _ place: Place) {
        guard places[task] == nil else { return }
        take(place, for: task)
    }

    private mutating func take(_ place: Place, for task: ElvesID) {
        places[task] = place
        keys[place.key, default: KeyLine()].running += 1
        apps[place.app, default: AppLine()].running += 1
        if let agent = place.agent { agents[agent, default: AgentLine()].running += 1 }
        if let source = place.source { sources[source]?.running += 1 }
    }

    /// Gives the task's places back; nothing happens when it has none.
    mutating func release(_ task: ElvesID) {
        guard let place = places.removeValue(forKey: task) else { return }
        keys[place.key]?.running -= 1
        apps[place.app]?.running -= 1
        if let source = place.source, sources[source] != nil {
            sources[source]?.running -= 1
            if sources[source]?.standing == .ownFull { makeReady(source) }
        }
        if keys[place.key]?.ready.isEmpty == false { turns.append(place.key) }
        if keys[place.key]?.running == 0, keys[place.key]?.ready.isEmpty == true { keys[place.key] = nil }
        wakeApp(place.app)
        if apps[place.app]?.running == 0, apps[place.app]?.waiting.isEmpty == true { apps[place.app] = nil }
        guard let agent = place.agent else { return }
        agents[agent]?.running -= 1
        wakeAgent(agent)
        forgetIfGone(agent)
    }
}
