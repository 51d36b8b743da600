import AgentLinks
package import ElvesContracts
import ElvesCore
package import Thrift

/// Batches as a whole.
extension SchedulerHandler {
    package func batches(app: String, before: Int64, limit: Int32, context: CallContext) async throws -> BatchPage {
        try await withFaults {
            let page = try await service.listBatches(
                of: app, before: before > 0 ? ElvesID(rawValue: before) : nil, limit: Int(limit))
            return BatchPage(
                batches: page.batches.map(BatchRecord.init), nextBefore: page.nextBefore?.rawValue ?? 0)
        }
    }

    package func stopBatch(id: Int64, kill: Bool, reason: String, context: CallContext) async throws -> BatchRecord {
        try await withFaults {
            BatchRecord(try await service.stopBatch(try batchID(id), kill: kill, reason: reason))
        }
    }

    package func batchGroups(id: Int64, limit: Int32, context: CallContext) async throws -> [OutputGroup] {
        try await withFaults {
            let groups = try await service.batchGroups(try batchID(id), limit: Int(limit))
            return OutputGroup.list(groups, bytes: Self.groupBytes)
        }
    }

    /// Bytes of one answer, about; a message holds 16 MiB.
    private static let groupBytes = 12 << 20
}

extension OutputGroup {
    /// The groups for an answer of about so many bytes: once it is full, targets are named by their ids alone.
    static func list(_ groups: [OutcomeGroup], bytes: Int) -> [OutputGroup] {
        var left = bytes - groups.reduce(0) { $0 + $1.text.utf8.count + $1.tasks.count * 48 + 256 }
        return groups.map { group in
            let targets = group.tasks.map { task in
                left -= task.target.ip.utf8.count + task.target.name.utf8.count
                let isNamed = left > 0 || task.target.id == nil
                return BatchTarget(
                    agentId: task.target.id?.rawValue ?? 0, ip: isNamed ? task.target.ip : "",
                    name: isNamed ? task.target.name : "")
            }
            return OutputGroup(
                state: ElvesContracts.TaskState(rawValue: group.state?.rawValue ?? 0), exitCode: group.exitCode,
                text: group.text, code: group.code, targets: targets, taskIds: group.tasks.map(\.id.rawValue))
        }
    }
}
