import AgentLinks
import ElvesContracts
import ElvesCore
import Thrift

// Between the words of heartbeat.thrift and heartbeat's own.

extension AgentReport {
    init(_ beat: Beat) {
        self.init(
            name: beat.name, version: beat.version, labels: beat.labels, facts: beat.facts,
            apps: beat.apps.map {
                InstalledApp(app: $0.app, version: $0.version, treeDigest: $0.treeDigest, problem: $0.problem)
            }, desiredGeneration: beat.desiredGeneration)
    }
}

extension ElvesContracts.DesiredState {
    init(_ desired: DesiredState) throws(ThriftError) {
        var apps: [DesiredApp] = []
        for live in desired.apps { apps.append(try DesiredApp(decoding: live.content, as: .compact)) }
        self.init(generation: desired.generation, apps: apps, removals: desired.removals)
    }
}

extension AgentInfo {
    init(_ view: AgentView) {
        let record = view.record
        self.init(
            id: record.agent.id.rawValue, ip: record.agent.ip, name: record.report.name,
            version: record.report.version, labels: record.report.labels, facts: record.report.facts,
            apps: record.report.apps.map {
                ElvesContracts.InstalledApp(
                    app: $0.app, version: $0.version, treeDigest: $0.treeDigest, problem: $0.problem)
            }, alive: view.alive, lastBeatAt: record.lastBeatAt, firstSeenAt: record.firstSeenAt)
    }
}

extension AgentRef {
    init(_ view: AgentView) {
        self.init(
            id: view.record.agent.id.rawValue, ip: view.record.agent.ip, name: view.record.report.name,
            alive: view.alive)
    }
}

extension FleetEvents {
    init(_ notes: FleetNotes) {
        self.init(
            epoch: notes.epoch, events: notes.notes.map(FleetEvent.init), nextAfter: notes.nextAfter, lost: notes.lost)
    }
}

extension FleetEvent {
    init(_ note: FleetNote) {
        self.init(
            id: note.id, at: note.at, kind: note.kind.rawValue, agentId: note.record.agent.id.rawValue,
            ip: note.record.agent.ip, name: note.record.report.name, app: note.app, version: note.version,
            problem: note.problem)
    }
}
