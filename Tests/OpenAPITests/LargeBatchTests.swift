import ElvesContracts
import ElvesCore
import Foundation
import HTTPTypes
import HummingbirdTesting
import Synchronization
import Testing

@testable import OpenAPI

/// Batches of 10,000 targets: what each asks for grows with the scope, not with the targets.
@Suite struct LargeBatchTests {
    private static let targets = 10_000
    private let edge = TestEdge()

    init() {
        edge.heartbeat.many.withLock { many in
            many = (1...Int64(Self.targets)).map {
                AgentInfo(id: $0, ip: "10.1.\($0 / 250).\($0 % 250)", name: "web-\($0)", alive: true)
            }
        }
    }

    private func create(_ scope: KeyEntry.Scope) async throws -> (TestAnswer, asked: Int, took: Duration) {
        let key = TestKey(id: "large", scope: scope)
        edge.service.keys.apply([key.entry], gone: [], complete: false, generation: 2)
        edge.heartbeat.resolved.withLock { $0 = [] }
        let start = ContinuousClock.now
        let answer = try await edge.withRouter { client in
            try await client.ask(
                .post, "/api/v3/batches", key.bearer, body: #"{"app":"hello","function":"greet","targets":"*"}"#)
        }
        return (answer, edge.heartbeat.resolved.withLock(\.count), .now - start)
    }

    @Test func scopesOfEveryKind() async throws {
        let ips = edge.heartbeat.many.withLock { $0.map(\.ip) }
        for (name, agents, most) in [
            ("no limit", [], 1), ("a selector", ["role=many"], 2), ("10,000 ips", ips, 1),
            ("ips and selectors", ["10.9.9.9", "zone=bj", "role=many"], 3),
        ] as [(String, [String], Int)] {
            let (answer, asked, took) = try await create(.init(agents: agents))
            #expect(answer.status == 201 && answer.json["total"]?.int == Int64(Self.targets), "\(name): \(answer.text)")
            #expect(asked <= most, "\(name)")
            #expect(edge.scheduler.batches.last?.targets.count == Self.targets)
            if ProcessInfo.processInfo.environment["ELVES_MEASURE"] != nil {
                print("batch of \(Self.targets) targets, key with \(name): \(took)")
            }
        }
        let (refused, _, _) = try await create(.init(agents: Array(ips.dropLast())))
        #expect(
            refused.status == 403 && refused.json["detail"]?.string?.contains("1 of 10000") == true, "\(refused.text)")
    }
}
