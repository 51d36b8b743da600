import AppPackage
import ElvesCore
import Supervisor
import Testing

/// What every store must do; each test runs against all of them.
@Suite struct SupervisorStoreTests {
    enum Kind: CaseIterable { case memory, sqlite }

    private func withStore(_ kind: Kind, _ body: (any SupervisorStore) async throws -> Void) async throws {
        switch kind {
        case .memory: try await body(MemorySupervisorStore())
        case .sqlite:
            let scratch = try Scratch()
            try await body(SQLiteSupervisorStore(path: scratch.path("supervisor.sqlite")))
        }
    }

    private func version(_ app: String, _ number: String, _ byte: UInt8 = 1, at time: Int64 = 10) -> VersionRecord {
        let files = ["a.txt", "b/c.txt"].map {
            PackageTree.File(path: $0, mode: 0o644, size: 3, digest: [UInt8](repeating: byte, count: 32))
        }
        let function = AppManifest.Function(name: "f", timeoutMs: 5, idempotent: true, paramSchema: "{}")
        let manifest = AppManifest(
            name: app, version: number, summary: "\(app) \(number)", owner: "me", entry: ["sh", "a.txt"],
            functions: [function])
        return VersionRecord(manifest: manifest, tree: PackageTree(files), createdAt: time, createdBy: "key")
    }

    private func key(_ id: String, at time: Int64 = 1) -> KeyRecord {
        KeyRecord(
            id: id,
            draft: KeyDraft(
                comment: "c", scope: KeyScope(apps: ["a"], functions: ["f"], agents: ["zone=bj"], admin: true),
                legacyMD5: true, requireNonce: true),
            createdAt: time, sealedSecret: [1, 2], tokenDigest: [UInt8](repeating: 7, count: 32))
    }

    private func code(_ body: () async throws -> some Any) async -> ErrorCode? {
        do {
            _ = try await body()
            return nil
        } catch {
            return (error as? ElvesError)?.code
        }
    }

    @Test(arguments: Kind.allCases)
    func whatWasAddedReadsBack(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            let added = try await store.add(version("web", "1.0.0"))
            #expect(added.isNew && added.app.live == "1.0.0" && added.app.generation == 2)
            #expect(try await store.version("web", "1.0.0") == version("web", "1.0.0"))
            #expect(try await store.app("web") == added.app)
            #expect(try await store.apps() == [added.app])
            #expect(added.app.summary == "web 1.0.0" && added.app.updatedAt == 10)
            #expect(try await store.version("web", "2.0.0") == nil)
            #expect(try await store.app("nope") == nil)
        }
    }

    @Test(arguments: Kind.allCases)
    func versionsAreImmutable(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            _ = try await store.add(version("web", "1.0.0", 1))
            let again = try await store.add(version("web", "1.0.0", 1, at: 99))
            #expect(!again.isNew && again.version.createdAt == 10 && again.app.generation == 2)
            #expect(await code { try await store.add(version("web", "1.0.0", 2)) } == .supervisorVersionExists)
            #expect(try await store.catalog(after: 0).generation == 2)
        }
    }

    @Test(arguments: Kind.allCases)
    func aLaterVersionGoesLiveOnlyWhenActivated(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            _ = try await store.add(version("web", "1.0.0"))
            let second = try await store.add(version("web", "1.1.0", 2))
            #expect(second.app.live == "1.0.0" && second.app.versions == ["1.0.0", "1.1.0"])
            #expect(second.app.summary == "web 1.0.0")
            let live = try await store.activate("web", "1.1.0", at: 20)
            #expect(live.live == "1.1.0" && live.summary == "web 1.1.0" && live.updatedAt == 20)
            #expect(try await store.activate("web", "1.1.0", at: 30) == live)
            #expect(await code { try await store.activate("web", "3", at: 1) } == .supervisorVersionUnknown)
            #expect(await code { try await store.activate("wob", "3", at: 1) } == .supervisorAppUnknown)
        }
    }

    @Test(arguments: Kind.allCases)
    func bindingsComeAndGo(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            _ = try await store.add(version("web", "1.0.0"))
            _ = try await store.bind("web", "zone=bj", at: 11)
            let bound = try await store.bind("web", "10.0.0.1", at: 12)
            #expect(
                bound.bindings == [.init(targets: "zone=bj", createdAt: 11), .init(targets: "10.0.0.1", createdAt: 12)])
            #expect(try await store.bind("web", "zone=bj", at: 13) == bound)
            let left = try await store.unbind("web", "zone=bj", at: 14)
            #expect(left.bindings.map(\.targets) == ["10.0.0.1"] && left.generation == bound.generation + 1)
            #expect(await code { try await store.unbind("web", "zone=bj", at: 1) } == .supervisorBindingUnknown)
            #expect(await code { try await store.bind("nope", "*", at: 1) } == .supervisorAppUnknown)
        }
    }

    @Test(arguments: Kind.allCases)
    func aRemovedAppLeavesATombstoneAndMayComeBack(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            _ = try await store.add(version("web", "1.0.0", 1))
            _ = try await store.bind("web", "*", at: 11)
            #expect(await code { try await store.remove("web", at: 12) } == .supervisorAppLive)
            _ = try await store.unbind("web", "*", at: 12)
            let before = try await store.catalog(after: 0).generation
            _ = try await store.remove("web", at: 13)
            #expect(try await store.apps().isEmpty)
            #expect(try await store.app("web") == nil)
            #expect(try await store.version("web", "1.0.0") == nil)
            #expect(try await store.referencedDigests().isEmpty)
            #expect(await code { try await store.remove("web", at: 14) } == .supervisorAppUnknown)
            let changes = try await store.catalog(after: before)
            #expect(changes.items.map(\.app.name) == ["web"] && changes.items.allSatisfy { $0.app.removed })
            #expect(changes.items.allSatisfy { $0.live == nil } && !changes.complete)
            let back = try await store.add(version("web", "1.0.0", 9))
            #expect(back.isNew && !back.app.removed && back.app.live == "1.0.0" && back.app.bindings.isEmpty)
        }
    }

    @Test(arguments: Kind.allCases)
    func theCatalogTellsWhatChanged(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            #expect(try await store.catalog(after: 0) == Changes(generation: 1, complete: true, items: []))
            for (index, name) in ["a", "b", "c"].enumerated() {
                _ = try await store.add(version(name, "1.0.0", UInt8(index)))
            }
            let all = try await store.catalog(after: 0)
            #expect(all.complete && all.generation == 4 && all.items.map(\.app.name) == ["a", "b", "c"])
            #expect(all.items[1].live == version("b", "1.0.0", 1))
            _ = try await store.bind("a", "*", at: 20)
            let delta = try await store.catalog(after: 3)
            #expect(!delta.complete && delta.generation == 5 && delta.items.map(\.app.name) == ["c", "a"])
            let none = try await store.catalog(after: 5)
            #expect(none.items.isEmpty && none.generation == 5 && !none.complete)
            let lost = try await store.catalog(after: 99)
            #expect(lost.complete && lost.items.count == 3, "a caller ahead of a restored store gets everything")
            let digests = try await store.referencedDigests()
            #expect(digests == Set((0...2).map { [UInt8](repeating: $0, count: 32) }))
        }
    }

    @Test(arguments: Kind.allCases)
    func keysAreKeptAndRevoked(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            let first = try await store.add(key("k1"))
            _ = try await store.add(key("k2", at: 2))
            #expect(first.generation == 2)
            #expect(try await store.keys().map(\.id) == ["k1", "k2"])
            #expect(try await store.keys().first == first)
            let revoked = try await store.revoke(key: "k1")
            #expect(revoked.revoked && revoked.generation == 4)
            #expect(try await store.revoke(key: "k1") == revoked)
            #expect(await code { try await store.revoke(key: "k9") } == .supervisorKeyUnknown)
            let delta = try await store.keyChanges(after: 3)
            #expect(!delta.complete && delta.generation == 4 && delta.items == [revoked])
            #expect(try await store.keyChanges(after: 0).items.count == 2)
        }
    }

    @Test(arguments: Kind.allCases)
    func manyAtOnceLoseNothing(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<50 {
                    group.addTask { _ = try await store.add(version("app\(number % 5)", "1.0.\(number)")) }
                }
                try await group.waitForAll()
            }
            let catalog = try await store.catalog(after: 0)
            #expect(catalog.generation == 51)
            #expect(catalog.items.reduce(0) { $0 + $1.app.versions.count } == 50)
        }
    }
}
