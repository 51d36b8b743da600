import AgentLinks
import ElvesCore
import Foundation
import Testing

@testable import Heartbeat

/// What every store of heartbeat must do; runs against each of them.
@Suite struct HeartbeatStoreConformanceTests {
    enum Kind: CaseIterable { case inMemory, sqlite }

    private func with(_ kind: Kind, _ body: (any HeartbeatStore) async throws -> Void) async throws {
        switch kind {
        case .inMemory: try await body(InMemoryHeartbeatStore())
        case .sqlite:
            let folder = FileManager.default.temporaryDirectory.appending(path: "elves-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            try await body(try SQLiteHeartbeatStore(path: folder.appending(path: "heartbeat.sqlite").path))
        }
    }

    private func record(_ number: Int64, name: String = "wéb\n\"1\"", lastBeatAt: Int64 = 2_000) -> AgentRecord {
        var report = AgentReport.test(name, ["a/b": "", "role": "web"], generation: .max)
        report.apps = [
            InstalledApp(app: "a", version: "1.0.0", treeDigest: digest("a"), problem: ""),
            InstalledApp(app: "b", version: "", problem: "no space left"),
        ]
        return AgentRecord(agent: .test(number), report: report, lastBeatAt: lastBeatAt, firstSeenAt: 1_000)
    }

    private func entries(_ apps: String...) -> [CatalogEntry] {
        apps.map {
            .test(
                $0, on: "role=web", "zone in (bj,sh)",
                files: [PackageFile(digest: digest("f"), size: 1 << 40), PackageFile(digest: digest("g"), size: 0)])
        }
    }

    @Test(arguments: Kind.allCases) func keepsEveryFieldOfAnAgent(_ kind: Kind) async throws {
        try await with(kind) { store async throws in
            try await store.save([record(2), record(1)])
            #expect(try await store.agents(after: nil, limit: 10) == [record(1), record(2)])
            try await store.save([record(1, name: "other", lastBeatAt: 5_000)])
            #expect(try await store.agents(after: nil, limit: 1) == [record(1, name: "other", lastBeatAt: 5_000)])
            #expect(try await store.agents(after: .test(1), limit: 10) == [record(2)])
            #expect(try await store.agents(after: .test(2), limit: 10).isEmpty)
        }
    }

    @Test(arguments: Kind.allCases) func forgetsInSteps(_ kind: Kind) async throws {
        try await with(kind) { store async throws in
            try await store.save((1...5).map { record($0, lastBeatAt: $0 * 100) })
            #expect(try await store.forget(lastBeatBefore: 400, limit: 2) == [.test(1), .test(2)])
            #expect(try await store.forget(lastBeatBefore: 400, limit: 2) == [.test(3)])
            #expect(try await store.forget(lastBeatBefore: 400, limit: 2) == [])
            #expect(try await store.agents(after: nil, limit: 10).map(\.agent.id) == [.test(4), .test(5)])
        }
    }

    @Test(arguments: Kind.allCases) func aCatalogThatWasNeverSavedIsNotAnEmptyOne(_ kind: Kind) async throws {
        try await with(kind) { store async throws in
            #expect(try await store.catalog() == nil)
            try await store.save(CatalogChange(generation: 0, complete: true, entries: []))
            #expect(try await store.catalog() == Catalog())
        }
    }

    @Test(arguments: Kind.allCases) func keepsTheCatalog(_ kind: Kind) async throws {
        try await with(kind) { store async throws in
            var expected = Catalog()
            let unborn = CatalogEntry.test("new", nil)
            for change in [
                CatalogChange(generation: 5, complete: true, entries: entries("a", "b") + [unborn]),
                CatalogChange(generation: 7, complete: false, entries: [.test("a", "2.0.0", on: "*", removed: true)]),
                CatalogChange(generation: 6, complete: false, entries: entries("late")),
                CatalogChange(generation: 2, complete: true, entries: entries("c")),
            ] {
                _ = expected.apply(change)
                try await store.save(change)
                #expect(try await store.catalog() == expected)
            }
        }
    }

    @Test(arguments: Kind.allCases) func aServiceComesBackWithItsAgents(_ kind: Kind) async throws {
        try await with(kind) { store async throws in
            let first = try await HeartbeatService.loaded(store) { $0.writeBatch = 3 }
            for number: Int64 in 1...10 { _ = try first.beat(.test(number), .test("web-\(number)")) }
            while await first.writeSome() {}
            let second = try await HeartbeatService.loaded(store) { $0.writeBatch = 3 }
            let found = try second.resolve("role=web", exclude: "")
            #expect(found.agents.count == 10)
            #expect(found.agents.allSatisfy { !$0.alive })
            #expect(found.generation > 0)
        }
    }
}
