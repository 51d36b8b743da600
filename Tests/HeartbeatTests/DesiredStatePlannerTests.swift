import AgentLinks
import ElvesCore
import Testing

@testable import Heartbeat

@Suite struct DesiredStatePlannerTests {
    private let web = AgentAttributes(
        id: .test(1), ip: "10.0.0.1", name: "web-1", labels: ["role": "web", "zone": "bj"])

    private func desired(_ entries: [CatalogEntry], installed: [String] = []) -> DesiredState? {
        DesiredStatePlanner(Catalog(generation: 1, entries: entries)).desired(
            for: web, installed: installed.map { InstalledApp(app: $0, version: "1") })
    }

    @Test func anAppGoesWhereItsBindingsHit() {
        let state = desired([
            .test("b", on: "role=web"), .test("a", on: "role=db", "web-1"), .test("c", on: "role=db"),
            .test("d", on: "10.0.0.0/24"), .test("e"), .test("f", on: "*"),
        ])
        #expect(state?.apps.map(\.app) == ["a", "b", "d", "f"])
        #expect(state?.removals.isEmpty == true)
    }

    @Test func anUnknownCatalogDesiresNothing() {
        let planner = DesiredStatePlanner(nil)
        #expect(planner.desired(for: web, installed: [InstalledApp(app: "a", version: "1")]) == nil)
    }

    @Test func anEmptyCatalogDesiresNothing() {
        #expect(desired([], installed: ["a", "b"]) == nil)
    }

    @Test func appsThatTheCatalogDoesNotKnowAreLeftAlone() {
        #expect(desired([.test("a", on: "*")], installed: ["a", "handmade"])?.removals == [])
    }

    @Test func aTombstoneRemovesWhereInstalledOnly() {
        let removed = CatalogEntry.test("a", on: "*", removed: true)
        #expect(desired([removed], installed: ["a"])?.removals == ["a"])
        #expect(desired([removed], installed: ["a"])?.apps == [])
        #expect(desired([removed])?.removals == [])
    }

    @Test func anUnboundAppIsRemovedWhereInstalled() {
        #expect(desired([.test("a", on: "role=db"), .test("b")], installed: ["a", "b"])?.removals == ["a", "b"])
    }

    @Test func aBindingThatCannotBeReadRemovesNothing() {
        for text in ["", "  ", "zone in (", "=", "a b"] {
            let entry = CatalogEntry.test("a", on: text)
            let planner = DesiredStatePlanner(Catalog(generation: 1, entries: [entry]))
            #expect(planner.unreadable.count == 1)
            let state = planner.desired(for: web, installed: [InstalledApp(app: "a", version: "1")])
            #expect(state?.apps == [] && state?.removals == [])
        }
        #expect(desired([.test("a", on: "zone in (", "role=web")], installed: [])?.apps.map(\.app) == ["a"])
    }

    @Test func aBoundAppWithoutALiveVersionStaysAsItIs() {
        let state = desired([.test("a", nil, on: "*")], installed: ["a"])
        #expect(state?.apps == [] && state?.removals == [])
    }

    @Test func theGenerationFollowsTheContentAndNothingElse() {
        let first = desired([.test("a", on: "*"), .test("x", on: "role=db")])
        #expect(first?.generation == desired([.test("a", on: "role=web"), .test("y", on: "role=db")])?.generation)
        #expect(first?.generation != desired([.test("a", "1.0.1", on: "*")])?.generation)
        #expect(first?.generation != desired([.test("a", on: "*"), .test("b", on: "*")])?.generation)
        #expect(first?.generation != desired([.test("a", on: "*"), .test("x")], installed: ["x"])?.generation)
        #expect((first?.generation ?? 0) > 0)
    }

    /// A restart, or another build, must not make ten thousand agents think that all is new.
    @Test func theGenerationIsTheSameInEveryProcess() {
        #expect(desired([.test("a", on: "*")])?.generation == 5_424_621_594_732_240_551)
    }

    @Test func filesAreForAgentsThatShouldHaveTheirApp() {
        let file = PackageFile(digest: digest("f"), size: 3)
        let shared = PackageFile(digest: digest("s"), size: 4)
        let planner = DesiredStatePlanner(
            Catalog(
                generation: 1,
                entries: [
                    .test("a", on: "role=web", files: [file]), .test("b", on: "role=db", files: [shared]),
                    .test("c", on: "role=web", files: [shared]),
                    .test("d", on: "role=db", files: [PackageFile(digest: digest("d"), size: 1)]),
                    .test("gone", on: "*", removed: true, files: [PackageFile(digest: digest("g"), size: 1)]),
                ]))
        #expect(planner.file(digest("f"), for: web) == .granted(file))
        #expect(planner.file(digest("s"), for: web) == .granted(shared))
        #expect(planner.file(digest("d"), for: web) == .denied)
        #expect(planner.file(digest("g"), for: web) == .unknown)
        #expect(planner.file(digest("?"), for: web) == .unknown)
    }
}
