import AgentLinks
import ElvesCore

/// The agents that heartbeat knows, with indexes. A value: it lives in a Mutex.
struct Inventory {
    /// An agent in memory.
    struct Entry {
        var record: AgentRecord
        /// The record, made ready for matching.
        var attributes: AgentAttributes
        /// Monotonic microseconds of the last beat; nil before the first since the start.
        var beatAt: Int64?
        /// Milliseconds until the beat after that, as the agent was told.
        var intervalMs: Int64 = 0
        /// `lastBeatAt` as the store has it.
        var writtenBeatAt: Int64
        /// The generation that a refresh told last.
        var told: Int64 = 0
        /// What the planner said of the record as it is.
        var planned: Planned?

        init(_ record: AgentRecord, writtenBeatAt: Int64) {
            self.record = record
            self.writtenBeatAt = writtenBeatAt
            attributes = AgentAttributes(record)
        }
    }

    /// The planner's word on an agent.
    struct Planned {
        /// The plan that it came from.
        let plan: Int
        /// The desired state's; nil when nobody can say what it is.
        let generation: Int64?
        /// Whether the agent has it already.
        let isSatisfied: Bool
    }

    private(set) var entries: [ElvesID: Entry] = [:]
    /// Every id, smallest first.
    private(set) var ids: [ElvesID] = []
    private var byAddress: [String: ElvesID] = [:]
    private var byName: [String: Set<ElvesID>] = [:]
    /// Grows with every change that a selector can see.
    private(set) var generation: Int64

    init(generation: Int64) {
        self.generation = generation
    }

    subscript(id: ElvesID) -> Entry? { entries[id] }

    /// The agent that beat from this address last.
    func id(at ip: String) -> ElvesID? { byAddress[ip] }

    /// Agents of that name, by id.
    func ids(named name: String) -> [ElvesID] { (byName[name] ?? []).sorted() }

    /// Takes over what the store has.
    mutating func load(_ record: AgentRecord) {
        insert(Entry(record, writtenBeatAt: record.lastBeatAt))
    }

    /// Takes over a beat; answers whether it told anything new.
    mutating func beat(_ agent: AgentIdentity, _ report: AgentReport, wallMs: Int64, now: Int64) -> Bool {
        guard let old = entries[agent.id] else {
            let record = AgentRecord(agent: agent, report: report, lastBeatAt: wallMs, firstSeenAt: wallMs)
            var entry = Entry(record, writtenBeatAt: 0)
            entry.beatAt = now
            insert(entry)
            generation += 1
            return true
        }
        entries[agent.id]?.record.lastBeatAt = wallMs
        entries[agent.id]?.beatAt = now
        if byAddress[agent.ip] != agent.id { byAddress[agent.ip] = agent.id }
        guard old.record.report != report || old.record.agent != agent else { return false }
        unindex(old.record)
        let record = AgentRecord(
            agent: agent, report: report, lastBeatAt: wallMs, firstSeenAt: old.record.firstSeenAt)
        entries[agent.id]?.record = record
        entries[agent.id]?.attributes = AgentAttributes(record)
        entries[agent.id]?.planned = nil
        index(record)
        if entries[agent.id]?.attributes.values != old.attributes.values { generation += 1 }
        return true
    }

    /// Keeps the planner's word, unless the agent has said something new meanwhile.
    mutating func planned(_ record: AgentRecord, _ planned: Planned) {
        guard let entry = entries[record.agent.id], entry.record.report == record.report else { return }
        entries[record.agent.id]?.planned = planned
    }

    /// Notes when the agent was told to beat next.
    mutating func expect(_ id: ElvesID, inMs interval: Int64) { entries[id]?.intervalMs = interval }

    mutating func told(_ id: ElvesID, _ generation: Int64) { entries[id]?.told = generation }

    mutating func written(_ id: ElvesID, beatAt: Int64) { entries[id]?.writtenBeatAt = beatAt }

    mutating func remove(_ id: ElvesID) {
        guard let entry = entries.removeValue(forKey: id) else { return }
        unindex(entry.record)
        ids.remove(at: place(of: id))
        generation += 1
    }

    /// Where `id` is or would be among the ids.
    func place(of id: ElvesID) -> Int {
        var low = 0
        var high = ids.count
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private mutating func insert(_ entry: Entry) {
        let id = entry.record.agent.id
        if entries.updateValue(entry, forKey: id) == nil { ids.insert(id, at: place(of: id)) }
        index(entry.record)
    }

    private mutating func index(_ record: AgentRecord) {
        // An address has one agent: the last that beat from it.
        byAddress[record.agent.ip] = record.agent.id
        if !record.report.name.isEmpty { byName[record.report.name, default: []].insert(record.agent.id) }
    }

    private mutating func unindex(_ record: AgentRecord) {
        if byAddress[record.agent.ip] == record.agent.id { byAddress[record.agent.ip] = nil }
        byName[record.report.name]?.remove(record.agent.id)
        if byName[record.report.name]?.isEmpty == true { byName[record.report.name] = nil }
    }
}

extension AgentAttributes {
    init(_ record: AgentRecord) {
        self.init(
            id: record.agent.id, ip: record.agent.ip, name: record.report.name, version: record.report.version,
            labels: record.report.labels, facts: record.report.facts)
    }
}
