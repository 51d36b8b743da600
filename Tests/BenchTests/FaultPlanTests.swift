import Testing

@testable import Bench

/// What happens when: from a seed, every kind in every round.
@Suite struct FaultPlanTests {
    private static let all = FaultPlan.Means(disks: true, clock: true)

    private static func steps(_ count: Int, seed: UInt64, means: FaultPlan.Means = all) -> [FaultPlan.Step] {
        var plan = FaultPlan(seed: seed, agents: 3, means: means)
        return (0..<count).map { _ in plan.next() }
    }

    @Test func theSameSeedGivesTheSameFaults() {
        #expect(Self.steps(200, seed: 7) == Self.steps(200, seed: 7))
        #expect(Self.steps(200, seed: 7) != Self.steps(200, seed: 8))
        #expect(Self.steps(500, seed: 9).allSatisfy { (200...2_500).contains($0.afterMs) })
    }

    /// 120 seconds of a run have about 88 faults: three rounds.
    @Test(arguments: 1...50 as ClosedRange<UInt64>) func everyKindComesInEveryRound(seed: UInt64) {
        let kinds = Set(Self.steps(1_000, seed: seed).map(\.fault.kind))
        #expect(kinds.count == 20)
        for round in 1...3 {
            let steps = Self.steps(round * 25, seed: seed)
            for kind in kinds {
                #expect(steps.count { $0.fault.kind == kind } >= round, "\(kind), seed \(seed), round \(round)")
            }
        }
    }

    @Test func aRoundComesInAnotherOrderEachTime() {
        let kinds = Self.steps(50, seed: 3).map(\.fault.kind)
        #expect(Array(kinds[..<25]) != Array(kinds[25...]) && kinds[..<25].sorted() != Array(kinds[..<25]))
    }

    @Test func whatAMachineCannotDoIsLeftOut() {
        let kinds = Set(Self.steps(100, seed: 5, means: FaultPlan.Means(disks: false, clock: false)).map(\.fault.kind))
        #expect(kinds.count == 16 && !kinds.contains { $0.hasPrefix("full disk") || $0.hasPrefix("clock") })
    }

    @Test func everybodyIsHit() {
        let faults = Set(Self.steps(1_000, seed: 6).map(\.fault))
        for agent in 0..<3 {
            #expect(faults.contains(.kill(.agent(agent))) && faults.contains(.kill(.runner(agent))))
            #expect(faults.contains(.cut(agent: agent)))
        }
        for component in FaultPlan.components {
            #expect(faults.contains { if case .pause(.component(component), _) = $0 { true } else { false } })
        }
    }
}
