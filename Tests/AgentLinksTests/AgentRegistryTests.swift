import AgentLinks
import ElvesCore
import Synchronization
import Testing

/// A connection whose answers the test decides.
private final class FakeLink: AgentLink {
    let agent: AgentIdentity
    private let state = Mutex((open: true, probes: 0))
    private let alive: Bool
    private let probed: @Sendable () -> Void

    init(_ id: Int64, _ ip: String, alive: Bool = true, probed: @escaping @Sendable () -> Void = {}) throws {
        agent = AgentIdentity(id: try #require(ElvesID(rawValue: id)), ip: ip)
        self.alive = alive
        self.probed = probed
    }

    var isOpen: Bool { state.withLock { $0.open } }
    var probes: Int { state.withLock { $0.probes } }

    func answers(within limit: Duration) async -> Bool {
        state.withLock { $0.probes += 1 }
        probed()
        return alive
    }

    func close(reason: String) { state.withLock { $0.open = false } }
}

@Suite struct AgentRegistryTests {
    private let registry = AgentRegistry<FakeLink>()

    @Test func findsAnAdmittedAgentByIDAndByAddress() async throws {
        let link = try FakeLink(7, "10.0.0.7")
        try await registry.admit(link)
        #expect(registry.link(of: link.agent.id) === link)
        #expect(registry.link(at: "10.0.0.7") === link)
        #expect(registry.ids == [link.agent.id])
        #expect(link.probes == 0)
    }

    @Test func refusesASecondConnectionWhileTheFirstAnswers() async throws {
        let first = try FakeLink(7, "10.0.0.7")
        let second = try FakeLink(7, "10.0.0.7")
        try await registry.admit(first)
        await #expect(throws: AgentRefusal.duplicate(second.agent)) { try await registry.admit(second) }
        #expect(registry.link(of: first.agent.id) === first)
        #expect(first.isOpen)
        registry.leave(second)
        #expect(registry.count == 1)
    }

    @Test func replacesAConnectionThatDoesNotAnswer() async throws {
        let dead = try FakeLink(7, "10.0.0.7", alive: false)
        let second = try FakeLink(7, "10.0.0.7")
        try await registry.admit(dead)
        try await registry.admit(second)
        #expect(registry.link(of: second.agent.id) === second)
        #expect(!dead.isOpen)
        registry.leave(dead)
        #expect(registry.link(at: "10.0.0.7") === second)
    }

    @Test func refusesAnotherIDOnALivingAgentsAddress() async throws {
        let owner = try FakeLink(7, "10.0.0.7")
        let claimant = try FakeLink(8, "10.0.0.7")
        try await registry.admit(owner)
        await #expect(throws: AgentRefusal.addressTaken(claimant.agent, by: owner.agent)) {
            try await registry.admit(claimant)
        }
        #expect(registry.link(of: claimant.agent.id) == nil)
    }

    @Test func givesADeadAgentsAddressToTheNextOne() async throws {
        let dead = try FakeLink(7, "10.0.0.7", alive: false)
        let heir = try FakeLink(8, "10.0.0.7")
        try await registry.admit(dead)
        try await registry.admit(heir)
        #expect(registry.link(at: "10.0.0.7") === heir)
        #expect(registry.link(of: dead.agent.id) == nil)
    }

    @Test func aMovedAgentWhoseNewAddressIsTakenReplacesNothing() async throws {
        let moved = try FakeLink(7, "10.0.0.7", alive: false)
        let owner = try FakeLink(8, "10.0.0.8")
        let newcomer = try FakeLink(7, "10.0.0.8")
        try await registry.admit(moved)
        try await registry.admit(owner)
        await #expect(throws: AgentRefusal.addressTaken(newcomer.agent, by: owner.agent)) {
            try await registry.admit(newcomer)
        }
        #expect(registry.link(at: "10.0.0.8") === owner)
    }

    @Test func doesNotKeepAConnectionThatClosedMeanwhile() async throws {
        let link = try FakeLink(7, "10.0.0.7")
        link.close(reason: "test")
        await #expect(throws: AgentRefusal.closed(link.agent)) { try await registry.admit(link) }
        #expect(registry.count == 0)
    }

    /// A ping that is cut short says nothing of who was asked.
    @Test(arguments: [false, true]) func aNewcomerThatGoesAwayWhileItWaitsReplacesNobody(cancelled: Bool) async throws {
        let newcomer = try FakeLink(7, "10.0.0.7")
        let first = try FakeLink(7, "10.0.0.7", alive: false) {
            if cancelled { withUnsafeCurrentTask { $0?.cancel() } } else { newcomer.close(reason: "gave up") }
        }
        try await registry.admit(first)
        let attempt = Task { try await registry.admit(newcomer) }
        await #expect(throws: AgentRefusal.closed(newcomer.agent)) { try await attempt.value }
        #expect(registry.link(of: first.agent.id) === first)
        #expect(registry.link(at: "10.0.0.7") === first)
        #expect(first.isOpen)
        // Nothing is left of the question: the next one is asked, and may replace it.
        let second = try FakeLink(7, "10.0.0.7")
        let next = Task { try await registry.admit(second) }
        if cancelled { _ = try? await next.value } else { await #expect(throws: Never.self) { try await next.value } }
        #expect(first.probes == 2)
    }

    @Test func oneOfManyNewcomersAtOnceIsAdmitted() async throws {
        let links = try (0..<50).map { _ in try FakeLink(7, "10.0.0.7") }
        let admitted = await withTaskGroup(of: Bool.self) { group in
            for link in links {
                group.addTask { [registry] in (try? await registry.admit(link)) != nil }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(admitted == 1)
        #expect(registry.count == 1)
    }
}
