package import AgentLinks
package import ElvesCore
import Synchronization

/// The answer to a beat.
package struct BeatAnswer: Sendable, Hashable {
    /// Milliseconds until the next beat.
    package let intervalMs: Int64
    /// Present when the agent should take it over.
    package let desired: DesiredState?
}

/// Calls of agents.
extension HeartbeatService {
    /// Records what the agent says. `agent` is who it is by its certificate, whatever it says.
    package func beat(_ agent: AgentIdentity, _ report: AgentReport) throws(ElvesError) -> BeatAnswer {
        try check(report)
        let wallMs = time.wallMs()
        let now = time.micros()
        let (number, planner) = plan.withLock { ($0.number, $0.planner) }
        let (interval, entry, mustWrite, before) = inventory.withLock { inventory in
            let before = inventory[agent.id]?.record.report
            guard before != nil || inventory.entries.count < limits.agents else {
                return (limits.beatIntervalMs, nil as Inventory.Entry?, false, before)
            }
            let isNews = inventory.beat(agent, report, wallMs: wallMs, now: now)
            let interval = limits.beatIntervalMs(agents: inventory.entries.count)
            inventory.expect(agent.id, inMs: interval)
            let entry = inventory[agent.id]
            let silence = wallMs - (entry?.writtenBeatAt ?? 0)
            return (interval, entry, isNews || silence >= limits.quietWriteMs, isNews ? before : report)
        }
        guard let entry else {
            throw ElvesError(.heartbeatInventoryFull, "\(limits.agents) agents are known already")
        }
        // What an agent has when it is first seen is no news.
        if let before, before.apps != report.apps { tell(entry.record, since: before) }
        if mustWrite { unwritten.withLock { _ = $0.ids.insert(agent.id) } }
        let desired =
            number == entry.planned?.plan && entry.planned?.isSatisfied == true
            ? nil
            : plan(entry, number, planner)
        return BeatAnswer(intervalMs: interval, desired: desired)
    }

    /// What the agent is to take over; nil when it has it already, or when nobody can say.
    private func plan(_ entry: Inventory.Entry, _ number: Int, _ planner: DesiredStatePlanner) -> DesiredState? {
        let record = entry.record
        let desired = planner.desired(for: entry.attributes, installed: record.report.apps)
        let isSatisfied =
            desired.map { $0.generation == record.report.desiredGeneration && $0.isReported(in: record) } ?? true
        inventory.withLock {
            $0.planned(
                record, Inventory.Planned(plan: number, generation: desired?.generation, isSatisfied: isSatisfied))
        }
        return isSatisfied ? nil : desired
    }

    /// Up to `length` bytes of a file of a tree that the agent should have.
    package func fetchFile(
        _ agent: AgentIdentity, digest: [UInt8], offset: Int64, length: Int
    ) async throws(ElvesError) -> [UInt8] {
        guard digest.count == 32, offset >= 0, length > 0, length <= Int(FileCache.partBytes) else {
            throw ElvesError(
                .heartbeatFileRange,
                "\(length) bytes from \(offset) of a file whose digest has \(digest.count) bytes")
        }
        guard let attributes = inventory.withLock({ $0[agent.id]?.attributes }) else {
            throw ElvesError(.heartbeatAgentUnknown, "agent \(agent) has not beaten yet")
        }
        let planner = plan.withLock { $0.planner }
        let file: PackageFile
        switch planner.file(digest, for: attributes) {
        case .granted(let granted): file = granted
        case .denied:
            throw ElvesError(
                .heartbeatFileDenied, "file \(Hex.encode(digest)) is of no app that agent \(agent) should have")
        case .unknown:
            throw ElvesError(.heartbeatFileUnknown, "no live version has a file \(Hex.encode(digest))")
        }
        guard offset <= file.size else {
            throw ElvesError(
                .heartbeatFileRange, "offset \(offset) is past the file's end; it has \(file.size) bytes")
        }
        do {
            return try await files.read(file, offset: offset, length: length)
        } catch {
            throw ElvesError(wrapping: error)
        }
    }

    private func check(_ report: AgentReport) throws(ElvesError) {
        func refuse(_ what: String) -> ElvesError { ElvesError(.heartbeatBeatInvalid, "the beat has \(what)") }
        func fits(_ text: String) -> Bool { text.utf8.count <= limits.textBytes }
        guard report.labels.count <= limits.labels else {
            throw refuse("\(report.labels.count) labels; at most \(limits.labels) are taken")
        }
        guard report.facts.count <= limits.facts else {
            throw refuse("\(report.facts.count) facts; at most \(limits.facts) are taken")
        }
        guard report.apps.count <= limits.apps else {
            throw refuse("\(report.apps.count) apps; at most \(limits.apps) are taken")
        }
        guard report.apps.allSatisfy({ $0.treeDigest.isEmpty || $0.treeDigest.count == 32 }) else {
            throw refuse("a tree's digest that is not 32 bytes long")
        }
        let texts = [report.name, report.version] + report.apps.flatMap { [$0.app, $0.version, $0.problem] }
        let pairs = report.labels.flatMap { [$0.key, $0.value] } + report.facts.flatMap { [$0.key, $0.value] }
        guard (texts + pairs).allSatisfy(fits) else {
            throw refuse("a text of more than \(limits.textBytes) bytes")
        }
    }
}
