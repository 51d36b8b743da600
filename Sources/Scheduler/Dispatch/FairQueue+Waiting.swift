import ElvesCore

/// Who stands aside at what, and who is woken when.
///
/// As long as something waits for an app or an agent that has room, one that was woken for it is among those to be tried.
extension FairQueue {
    /// Has the source tried when its key has its turn.
    mutating func makeReady(_ source: Source) {
        guard let key = sources[source]?.traits.key else { return }
        sources[source]?.standing = .ready
        keys[key, default: KeyLine()].ready.append(source)
        if !isFull(key) { turns.append(key) }
    }

    /// Wakes one source that waits for the app, when it has room.
    mutating func wakeApp(_ app: String) {
        while apps[app]?.running ?? 0 < limits.queuedApp(app), let source = apps[app]?.waiting.popNext() {
            guard let key = sources[source]?.traits.key else { continue }
            makeReady(source)
            if isFull(key) { continue }
            keys[key]?.woken.insert(source)
            return
        }
    }

    /// Wakes one item that waits for the agent, when it has room.
    mutating func wakeAgent(_ agent: ElvesID) {
        while agents[agent]?.running ?? 0 < limits.queuedPerAgent, let (source, item) = popWaiting(at: agent) {
            guard let key = sources[source]?.traits.key, let standing = sources[source]?.standing else { continue }
            guard standing == .ready || standing == .idle else {
                sources[source]?.front.append(item)
                continue
            }
            makeReady(source)
            if isFull(key) {
                sources[source]?.front.append(item)
                continue
            }
            sources[source]?.woken.append(item)
            keys[key]?.woken.insert(source)
            return
        }
    }

    /// The source cannot go on: places that it was woken for go to others.
    mutating func standAside(_ source: Source, _ standing: Standing) {
        guard let key = sources[source]?.traits.key else { return }
        sources[source]?.standing = standing
        keys[key]?.woken.remove(source)
        giveUpWoken(source)
    }

    /// The key cannot go on: places that its sources were woken for go to others.
    mutating func passOn(_ key: String) {
        guard let woken = keys[key]?.woken, !woken.isEmpty else { return }
        keys[key]?.woken = []
        for source in woken {
            giveUpWoken(source)
            if let app = sources[source]?.traits.app { wakeApp(app) }
        }
    }

    private mutating func giveUpWoken(_ source: Source) {
        guard let items = sources[source]?.woken.takeAll() else { return }
        for item in items {
            sources[source]?.front.append(item)
            if let name = sources[source]?.agent(of: item), let agent = connected(name) { wakeAgent(agent) }
        }
    }

    private func isFull(_ key: String) -> Bool {
        keys[key]?.running ?? 0 >= limits.queuedKey(key)
    }

    private mutating func popWaiting(at agent: ElvesID) -> (Source, Item)? {
        guard let source = agents[agent]?.waiting.popNext(), let item = agents[agent]?.items[source]?.popFirst() else {
            return nil
        }
        sources[source]?.parked[item] = nil
        if agents[agent]?.items[source]?.isEmpty == true {
            agents[agent]?.items[source] = nil
        } else if let key = sources[source]?.traits.key {
            agents[agent]?.waiting.append(source, of: key)
        }
        return (source, item)
    }

    // MARK: Agents

    /// Notes that the agent is connected: what waited for it may start.
    mutating func connect(_ agent: ElvesID, ip: String) {
        agents[agent, default: AgentLine()].isConnected = true
        addresses[ip] = agent
        for source in sourcesWithAway {
            for name in [AgentName.id(agent), .ip(ip)] {
                guard let item = sources[source]?.away.removeValue(forKey: name) else { continue }
                putFirst(item, of: source)
            }
            if sources[source]?.away.isEmpty != false { sourcesWithAway.remove(source) }
        }
    }

    /// Notes that the agent is gone. What waits for a place there is looked at again.
    mutating func disconnect(_ agent: ElvesID, ip: String) {
        agents[agent]?.isConnected = false
        if addresses[ip] == agent { addresses[ip] = nil }
        while let (source, item) = popWaiting(at: agent) { putFirst(item, of: source) }
        forgetIfGone(agent)
    }

    mutating func forgetIfGone(_ agent: ElvesID) {
        guard let line = agents[agent], !line.isConnected, line.running == 0, line.waiting.isEmpty else { return }
        agents[agent] = nil
    }
}
