import ElvesCore

/// Who stands aside at what, and who is woken when.
///
/// As long as something waits for an app or an agent that has room, one that was woken for it is among those to be tried.
extension FairQueue {
    /// Has the source tried when its key has its turn.
    mutating func makeReady(_ source: SourceLine) {
        source.standing = .ready
        source.key.ready.append(source.name)
        if !source.key.isFull { turns.append(source.key.name) }
    }

    /// Wakes one source that waits for the app, when it has room.
    mutating func wakeApp(_ app: AppLine) {
        while !app.isFull, let name = app.waiting.popNext() {
            guard let source = sources[name] else { continue }
            makeReady(source)
            if source.key.isFull { continue }
            source.key.woken.insert(name)
            return
        }
    }

    /// Wakes one item that waits for the agent, when it has room.
    mutating func wakeAgent(_ agent: AgentLine) {
        while agent.running < agent.queuedLimit, let (source, item) = popWaiting(at: agent) {
            guard source.standing == .ready || source.standing == .idle else {
                source.front.append(item)
                continue
            }
            makeReady(source)
            if source.key.isFull {
                source.front.append(item)
                continue
            }
            source.woken.append(item)
            source.key.woken.insert(source.name)
            return
        }
    }

    /// The source cannot go on: places that it was woken for go to others.
    mutating func standAside(_ source: SourceLine, _ standing: Standing) {
        source.standing = standing
        source.key.woken.remove(source.name)
        giveUpWoken(source)
    }

    /// The key cannot go on: places that its sources were woken for go to others.
    mutating func passOn(_ key: KeyLine) {
        guard !key.woken.isEmpty else { return }
        let woken = key.woken
        key.woken = []
        for name in woken {
            guard let source = sources[name] else { continue }
            giveUpWoken(source)
            wakeApp(source.app)
        }
    }

    private mutating func giveUpWoken(_ source: SourceLine) {
        for item in source.woken.takeAll() {
            source.front.append(item)
            if let name = source.agent(of: item), let agent = connected(name) { wakeAgent(agent) }
        }
    }

    private mutating func popWaiting(at agent: AgentLine) -> (SourceLine, Item)? {
        guard let name = agent.waiting.popNext(), let item = agent.items[name]?.popFirst(), let source = sources[name]
        else { return nil }
        source.parked[item] = nil
        if agent.items[name]?.isEmpty == true {
            agent.items[name] = nil
        } else {
            agent.waiting.append(name, of: source.key.name)
        }
        return (source, item)
    }

    // MARK: Agents

    /// The agent that the name means now; nil when it is not connected.
    func connected(_ name: AgentName) -> AgentLine? {
        let id: ElvesID? =
            switch name {
            case .id(let id): id
            case .ip(let ip): addresses[ip]
            }
        guard let id, let agent = agents[id], agent.isConnected else { return nil }
        return agent
    }

    /// Notes that the agent is connected: what waited for it may start. `maxRunning`: how many tasks it runs at once; what
    /// is more waits here, where keys have their turns, and not there.
    mutating func connect(_ id: ElvesID, ip: String, maxRunning: Int? = nil) {
        let agent = line(agent: id)
        agent.isConnected = true
        agent.queuedLimit = min(limits.queuedPerAgent, maxRunning ?? .max)
        wakeAgent(agent)
        addresses[ip] = id
        for name in sourcesWithAway {
            guard let source = sources[name] else { continue }
            for item in [AgentName.id(id), .ip(ip)].compactMap({ source.away.removeValue(forKey: $0) }) {
                putFirst(item, of: source)
            }
            if source.away.isEmpty { sourcesWithAway.remove(name) }
        }
    }

    /// Notes that the address is no longer the agent's.
    mutating func forget(_ ip: String, of id: ElvesID) {
        if addresses[ip] == id { addresses[ip] = nil }
    }

    /// Notes that the agent is gone. What waits for a place there is looked at again.
    mutating func disconnect(_ id: ElvesID, ip: String) {
        if addresses[ip] == id { addresses[ip] = nil }
        guard let agent = agents[id] else { return }
        agent.isConnected = false
        while let (source, item) = popWaiting(at: agent) { putFirst(item, of: source) }
        if agent.isEmpty { agents[id] = nil }
    }
}
