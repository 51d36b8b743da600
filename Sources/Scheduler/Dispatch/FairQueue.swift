import ElvesCore

/// Whose turn it is: tasks that wait, fair between caller keys, within limits.
///
/// Keys take turns, then the sources of a key: a task each. A task that some limit holds back stands aside at what is
/// full, and holds back no task that is free to go. When a place becomes free there, one of those that wait for it is
/// woken, again by turns of their keys; if that one cannot use the place, the next is. So a start costs about the same
/// however many wait.
///
/// Pure: no clock, no I/O. Whoever changes something asks `next()` until it says `.idle`.
struct FairQueue: ~Copyable {
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
            guard inFlight < limits.queuedOverall, let name = turns.first else { return .idle }
            guard let key = keys[name], !key.isFull, let source = key.ready.popFirst() else {
                turns.remove(name)
                keys[name].map { passOn($0) }
                continue
            }
            looks -= 1
            if let line = sources[source], let step = look(at: line, &looks) { return step }
        }
        return .busy
    }

    /// Looks whether something of the source can start; nil when not.
    private mutating func look(at source: SourceLine, _ looks: inout Int) -> Step? {
        guard source.running < source.concurrency else {
            standAside(source, .ownFull)
            wakeApp(source.app)
            return nil
        }
        guard !source.app.isFull else {
            source.app.waiting.append(source.name, of: source.key.name)
            standAside(source, .appFull)
            return nil
        }
        while let item = source.take() {
            looks -= 1
            if let step = place(item, of: source) { return step }
            guard looks > 0 else {
                source.key.ready.append(source.name)
                return nil
            }
        }
        source.standing = .idle
        source.key.woken.remove(source.name)
        wakeApp(source.app)
        return nil
    }

    /// Starts the item or puts it where it waits; nil when there is nothing to be done about it now.
    private mutating func place(_ item: Item, of source: SourceLine) -> Step? {
        // One that has places is under way already.
        guard let name = source.agent(of: item), let task = source.task(of: item), places[task] == nil else {
            return nil
        }
        guard let agent = connected(name) else {
            switch source.whenAway {
            case .handOut: return start(item, of: source, at: nil)
            case .wait:
                source.away[name] = item
                sourcesWithAway.insert(source.name)
                return nil
            case .end:
                source.key.ready.append(source.name)
                return .unreachable(source: source.name, item: item)
            }
        }
        guard agent.running < agent.queuedLimit else {
            agent.waiting.append(source.name, of: source.key.name)
            agent.items[source.name, default: LinkedSet()].append(item)
            source.parked[item] = agent
            return nil
        }
        return start(item, of: source, at: agent)
    }

    private mutating func start(_ item: Item, of source: SourceLine, at agent: AgentLine?) -> Step? {
        guard let task = source.task(of: item) else { return nil }
        take(Place(key: source.key, app: source.app, agent: agent, source: source), for: task)
        source.targets[item] = nil
        if source.woken.isEmpty { source.key.woken.remove(source.name) }
        if source.hasItems { source.key.ready.append(source.name) } else { source.standing = .idle }
        turns.remove(source.key.name)
        if !source.key.ready.isEmpty { turns.append(source.key.name) }
        forgetIfEmpty(source)
        // There may be room for more than this one.
        wakeApp(source.app)
        if let agent { wakeAgent(agent) }
        return .start(task: task, source: source.name, item: item)
    }

    // MARK: Places

    /// Takes places for a task that does not wait, or says which limit refuses it.
    mutating func admit(_ task: ElvesID, key: String, app: String, agent: ElvesID?) -> Refusal? {
        if inFlight >= limits.overall { return .overall(limits.overall) }
        let place = place(key: key, app: app, agent: agent)
        let refusal: Refusal? =
            if place.key.running >= place.key.limit {
                .key(place.key.limit)
            } else if place.app.running >= place.app.limit {
                .app(place.app.limit)
            } else if let agent = place.agent, agent.running >= limits.perAgent {
                .agent(limits.perAgent)
            } else {
                nil
            }
        guard refusal == nil else {
            forgetIfEmpty(place.key, place.app)
            if let agent = place.agent, agent.isEmpty { agents[agent.id] = nil }
            return refusal
        }
        take(place, for: task)
        return nil
    }

    /// Takes places for a task that was in flight before the process began, past every limit.
    mutating func adopt(_ task: ElvesID, key: String, app: String, agent: ElvesID?, batch: ElvesID? = nil) {
        guard places[task] == nil else { return }
        let place = place(key: key, app: app, agent: agent)
        let source = batch.flatMap { sources[.batch($0)] }
        take(Place(key: place.key, app: place.app, agent: place.agent, source: source), for: task)
    }

    /// Takes a place at the agent for a task that has its other places; false when the agent is full.
    mutating func seat(_ task: ElvesID, at agent: ElvesID) -> Bool {
        guard let place = places[task] else { return false }
        if place.agent?.id == agent { return true }
        let line = line(agent: agent)
        guard line.running < limits.perAgent else {
            if line.isEmpty { agents[agent] = nil }
            return false
        }
        line.running += 1
        places[task] = Place(key: place.key, app: place.app, agent: line, source: place.source)
        if let left = place.agent { giveBack(left) }
        return true
    }

    private mutating func place(key: String, app: String, agent: ElvesID?) -> Place {
        Place(key: line(key: key), app: line(app: app), agent: agent.map { line(agent: $0) }, source: nil)
    }

    private mutating func take(_ place: Place, for task: ElvesID) {
        places[task] = place
        place.key.running += 1
        place.app.running += 1
        place.agent?.running += 1
        place.source?.running += 1
    }

    /// Gives the task's places back; nothing happens when it has none.
    mutating func release(_ task: ElvesID) {
        guard let place = places.removeValue(forKey: task) else { return }
        place.key.running -= 1
        place.app.running -= 1
        if let source = place.source {
            source.running -= 1
            if source.standing == .ownFull { makeReady(source) }
        }
        if !place.key.ready.isEmpty { turns.append(place.key.name) }
        wakeApp(place.app)
        if let agent = place.agent { giveBack(agent) }
        forgetIfEmpty(place.key, place.app)
    }

    private mutating func giveBack(_ agent: AgentLine) {
        agent.running -= 1
        wakeAgent(agent)
        if agent.isEmpty { agents[agent.id] = nil }
    }
}
