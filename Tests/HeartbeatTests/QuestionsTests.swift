import AgentLinks
import ElvesCore
import Testing

@testable import Heartbeat

@Suite struct QuestionsTests {
    private func fleet() async throws -> HeartbeatService {
        let service = try await HeartbeatService.loaded()
        for number: Int64 in [3, 1, 2, 4] {
            let role = number < 3 ? "web" : "db"
            _ = try service.beat(.test(number), .test("\(role)-\(number)", ["role": role, "zone": "bj"]))
        }
        return service
    }

    private func numbers(_ views: [AgentView]) -> [Int64] { views.map(\.record.agent.id.rawValue) }

    @Test(
        arguments: [
            ("*", "", [1, 2, 3, 4]), ("role=web", "", [1, 2]), ("role=web;db-3", "", [1, 2, 3]),
            ("zone=bj,role!=web", "", [3, 4]), ("*", "role=db", [1, 2]), ("web-2,127.0.0.1", "", [1, 2]),
            ("0000000000000004", "", [4]), ("web-1,web-2", "web-1", [2]), ("127.0.0.2-3", "", [2, 3]),
        ] as [(String, String, [Int64])])
    func resolvesTargets(_ targets: String, _ exclude: String, _ expected: [Int64]) async throws {
        let resolution = try await fleet().resolve(targets, exclude: exclude)
        #expect(numbers(resolution.agents) == expected)
        #expect(resolution.unmatched == [])
    }

    @Test func reportsWordsThatHitNothing() async throws {
        let service = try await fleet()
        #expect(try service.resolve("web-1,web-9,10.9.9.9", exclude: "").unmatched == ["web-9", "10.9.9.9"])
        #expect(try service.resolve("web-1;role=cache", exclude: "").unmatched == ["role=cache"])
    }

    @Test func aTextThatIsNoTargetIsAnError() async throws {
        let service = try await fleet()
        for text in ["", "zone in (", ","] {
            #expect(throws: ElvesError.self) { try service.resolve(text, exclude: "") }
        }
        #expect(throws: ElvesError.self) { try service.resolve("*", exclude: "zone in (") }
    }

    @Test func theGenerationGrowsWithWhatSelectorsSee() async throws {
        let service = try await fleet()
        let before = try service.resolve("*", exclude: "").generation
        _ = try service.beat(.test(1), .test("web-1", ["role": "web", "zone": "bj"], apps: ["a"]))
        #expect(try service.resolve("*", exclude: "").generation == before)
        _ = try service.beat(.test(1), .test("web-1", ["role": "web", "zone": "sh"]))
        #expect(try service.resolve("*", exclude: "").generation > before)
        #expect(numbers(try service.resolve("zone=sh", exclude: "").agents) == [1])
    }

    @Test func listsAgentsPageByPage() async throws {
        let service = try await fleet()
        let first = try service.agents("", after: nil, limit: 3)
        #expect(numbers(first.agents) == [1, 2, 3])
        let second = try service.agents("", after: first.next, limit: 3)
        #expect(numbers(second.agents) == [4])
        #expect(second.next == nil)
        #expect(numbers(try service.agents("role=db", after: nil, limit: 1).agents) == [3])
        #expect(try service.agents("role=db", after: .test(3), limit: 1).next == nil)
    }

    @Test func findsOneAgentByIDAddressOrName() async throws {
        let service = try await fleet()
        for reference in ["0000000000000002", "127.0.0.2", "web-2"] {
            #expect(try service.agent(reference).record.agent == .test(2))
        }
        let unknown = #expect(throws: ElvesError.self) { try service.agent("web-99") }
        #expect(unknown?.code == .heartbeatAgentUnknown)
        _ = try service.beat(.test(9), .test("web-2"))
        let ambiguous = #expect(throws: ElvesError.self) { try service.agent("web-2") }
        #expect(ambiguous?.code == .heartbeatAgentAmbiguous)
    }

    /// Agents choose their names, so a name that another one took as well means nobody.
    @Test func aNameOfSeveralAgentsIsNoTarget() async throws {
        let service = try await fleet()
        _ = try service.beat(.test(9), .test("web-2"))
        for (targets, exclude) in [
            ("web-2", ""), ("web-1,web-2", ""), ("role=db;web-2", ""), ("*", "web-2"), ("127.0.0.1", "role=db;web-2"),
        ] {
            let error = #expect(throws: ElvesError.self) { try service.resolve(targets, exclude: exclude) }
            #expect(error?.code == .heartbeatAgentAmbiguous)
            #expect(error?.message.contains(#""web-2""#) == true)
            for agent in [AgentIdentity.test(2), .test(9)] {
                #expect(error?.message.contains("\(agent)") == true, "\(error?.message ?? "")")
            }
            #expect(error?.details["agents"] == "\(ElvesID.test(2)),\(ElvesID.test(9))")
        }
        #expect(numbers(try service.resolve("0000000000000002,127.0.0.9", exclude: "").agents) == [2, 9])
        #expect(numbers(try service.agents("web-2", after: nil, limit: 10).agents) == [2, 9])
        _ = try service.beat(.test(9), .test("web-9"))
        #expect(numbers(try service.resolve("web-2", exclude: "").agents) == [2])
    }

    /// Whatever an agent calls itself: a text that is an id or an ip means that.
    @Test func idsAndAddressesWinOverNames() async throws {
        let service = try await fleet()
        _ = try service.beat(.test(7), .test("127.0.0.2"))
        _ = try service.beat(.test(8), .test("0000000000000003"))
        for (text, number) in [("127.0.0.2", 2), ("0000000000000003", 3)] as [(String, Int64)] {
            #expect(numbers(try service.resolve(text, exclude: "").agents) == [number])
            #expect(numbers(try service.resolve("\(text);zone=none", exclude: "").agents) == [number])
            #expect(try service.agent(text).record.agent == .test(number))
        }
        #expect(numbers(try service.resolve("*", exclude: "127.0.0.2,0000000000000003").agents) == [1, 4, 7, 8])
    }

    @Test func anAddressBelongsToTheAgentThatBeatFromItLast() async throws {
        let service = try await fleet()
        let heir = AgentIdentity(id: .test(9), ip: "127.0.0.2")
        _ = try service.beat(heir, .test("new"))
        #expect(try service.agent("127.0.0.2").record.agent == heir)
        #expect(numbers(try service.resolve("127.0.0.2", exclude: "").agents) == [9])
    }

    @Test func tenThousandAgentsAreResolvedQuickly() async throws {
        let service = try await HeartbeatService.loaded()
        for number: Int64 in 1...10_000 {
            _ = try service.beat(.test(number), .test("web-\(number)", ["shard": "\(number % 10)"]))
        }
        let took = ContinuousClock().measure {
            #expect((try? service.resolve("shard in (1,2)", exclude: "web-1").agents.count) == 1_999)
        }
        #expect(took < .seconds(2))
    }
}
