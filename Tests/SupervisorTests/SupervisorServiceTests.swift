import AppPackage
import ElvesCore
import Foundation
import Supervisor
import Testing

@Suite struct SupervisorServiceTests {
    private func code(_ body: () async throws -> some Any) async -> ErrorCode? {
        do {
            _ = try await body()
            return nil
        } catch {
            return (error as? ElvesError)?.code
        }
    }

    // MARK: Push

    @Test func aPushStoresAVersionAndItsFiles() async throws {
        let fixture = try await Fixture()
        let (added, activated) = try await fixture.push(try Fixture.zip())
        #expect(activated && added.isNew && added.version.createdBy == "tester")
        let version = try await fixture.service.version("hello", "1.0.0")
        #expect(version.manifest.functions.first?.timeoutMs == 5_000)
        let worker = try #require(version.tree.file("worker.py"))
        let whole = try await fixture.service.readFile(worker.digest, at: 0, length: 256 << 10)
        #expect(whole == Array("print(1)\n".utf8))
        let part = try await fixture.service.readFile(worker.digest, at: 6, length: 2)
        #expect(part == Array("1)".utf8))
        #expect(try await fixture.service.readFile(worker.digest, at: 9, length: 1).isEmpty)
        #expect(fixture.blobs.count == 2 && fixture.leftovers.isEmpty)
    }

    @Test func readsOutsideAreRefused() async throws {
        let fixture = try await Fixture()
        let (added, _) = try await fixture.push(try Fixture.zip())
        let digest = try #require(added.version.tree.files.first).digest
        let service = fixture.service
        #expect(await code { try await service.readFile(digest, at: 1 << 40, length: 1) } == .supervisorFileRange)
        #expect(await code { try await service.readFile(digest, at: -1, length: 1) } == .supervisorFileRange)
        #expect(await code { try await service.readFile(digest, at: 0, length: 262_145) } == .supervisorFileRange)
        #expect(await code { try await service.readFile(digest, at: 0, length: 0) } == .supervisorFileRange)
        let strange = Array("../../../../../../../etc/passwd\0".utf8)
        #expect(await code { try await service.readFile(strange, at: 0, length: 1) } == .supervisorFileUnknown)
        #expect(await code { try await service.readFile([], at: 0, length: 1) } == .supervisorFileUnknown)
    }

    @Test func theSamePushAgainIsTheSameVersionAndAnotherIsRefused() async throws {
        let fixture = try await Fixture()
        let zip = try Fixture.zip()
        try await fixture.push(zip)
        let (again, _) = try await fixture.push(zip)
        #expect(!again.isNew)
        let other = try Fixture.zip(content: "print(2)\n")
        #expect(await code { try await fixture.push(other) } == .supervisorVersionExists)
        #expect(fixture.blobs.count == 2, "the refused version's files are gone")
        #expect(fixture.leftovers.isEmpty)
    }

    @Test func aPushThatFailsHalfWayLeavesNothing() async throws {
        let fixture = try await Fixture()
        let zip = try Fixture.zip()
        let (added, _) = try await fixture.push(zip)
        try await fixture.service.remove("hello")
        #expect(fixture.blobs.isEmpty)
        // A folder in the place of each of the two in turn: that one cannot be moved in, the other can.
        for file in added.version.tree.files {
            let digest = Hex.encode(file.digest)
            try FileManager.default.createDirectory(
                atPath: fixture.scratch.path("data/blobs/\(digest.prefix(2))/\(digest)"),
                withIntermediateDirectories: true)
            #expect(await code { try await fixture.push(zip) } == .elvesStoreUnavailable)
            #expect(fixture.blobs.isEmpty && fixture.leftovers.isEmpty)
        }
        try await fixture.push(zip)
        // Nor where the files of a push should be gathered.
        let staging = fixture.scratch.path("data/staging")
        try FileManager.default.removeItem(atPath: staging)
        #expect(await code { try await fixture.push(try Fixture.zip("other")) } == .elvesStoreUnavailable)
        #expect(fixture.leftovers.isEmpty)
    }

    @Test func aBadPackageLeavesNothing() async throws {
        let fixture = try await Fixture()
        var zip = try Fixture.zip()
        zip.replaceSubrange(zip.count / 3..<zip.count / 3 + 8, with: [UInt8](repeating: 0xAA, count: 8))
        await #expect(throws: ElvesError.self) { try await fixture.push(zip) }
        #expect(await code { try await fixture.push(Array("no zip".utf8)) } == .packageNotZip)
        #expect(try await fixture.service.apps().isEmpty)
        #expect(fixture.blobs.isEmpty && fixture.leftovers.isEmpty)
    }

    @Test func uploadsKeepToWhatTheyAnnounced() async throws {
        let fixture = try await Fixture()
        let service = fixture.service
        #expect(await code { try await service.beginPush(filename: "a", size: 257 << 20) } == .packageTooLong)
        #expect(await code { try await service.beginPush(filename: "../a", size: 1) } == .packageFilename)
        #expect(await code { try await service.beginPush(filename: "a", size: 0) } == .packageFilename)
        let upload = try await service.beginPush(filename: "a.zip", size: 10)
        #expect(await code { try await service.pushChunk(upload, at: 1, [1]) } == .supervisorUploadOffset)
        #expect(
            await code { try await service.pushChunk(upload, at: 0, [UInt8](repeating: 0, count: 11)) }
                == .supervisorUploadSize)
        try await service.pushChunk(upload, at: 0, [1, 2, 3])
        #expect(await code { try await service.finishPush(upload, by: "") } == .supervisorUploadSize)
        #expect(await code { try await service.finishPush(upload, by: "") } == .supervisorUploadUnknown)
        let second = try await service.beginPush(filename: "a.zip", size: 10)
        await service.abortPush(second)
        #expect(await code { try await service.pushChunk(second, at: 0, [1]) } == .supervisorUploadUnknown)
        #expect(fixture.leftovers.isEmpty)
        var large: [String] = []
        for _ in 0..<4 { large.append(try await service.beginPush(filename: "a.zip", size: 256 << 20)) }
        #expect(await code { try await service.beginPush(filename: "a", size: 1) } == .supervisorUploadTooMany)
        for upload in large { await service.abortPush(upload) }
        for _ in 0..<16 { _ = try await service.beginPush(filename: "a.zip", size: 10) }
        #expect(await code { try await service.beginPush(filename: "a", size: 1) } == .supervisorUploadTooMany)
    }

    @Test func pushesAtOnceDoNotTakeEachOthersFiles() async throws {
        let fixture = try await Fixture()
        let zips = try (0..<12).map { try Fixture.zip("app\($0 % 3)", "1.0.\($0)", content: "shared \($0 % 2)") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for zip in zips { group.addTask { _ = try await fixture.push(zip) } }
            try await group.waitForAll()
        }
        for state in try await fixture.service.apps() {
            for number in state.versions {
                for file in try await fixture.service.version(state.name, number).tree.files {
                    let bytes = try await fixture.service.readFile(file.digest, at: 0, length: 1_000)
                    #expect(bytes.count == file.size)
                }
            }
        }
    }

    // MARK: Live, bound, removed

    @Test func bindingsAreCheckedAndUnknownAppsGetAHint() async throws {
        let fixture = try await Fixture()
        try await fixture.push(try Fixture.zip())
        let service = fixture.service
        #expect(try await service.bind("hello", " zone=bj ").bindings.map(\.targets) == ["zone=bj"])
        #expect(await code { try await service.bind("hello", "zone in (") } == .elvesTargetSyntax)
        #expect(await code { try await service.bind("hello", " ") } == .elvesTargetSyntax)
        let error = await #expect(throws: ElvesError.self) { try await service.app("helo") }
        #expect(error?.message == "no app \"helo\"; did you mean \"hello\"?")
        let version = await #expect(throws: ElvesError.self) { try await service.version("hello", "2.0.0") }
        #expect(version?.code == .supervisorVersionUnknown && version?.message.contains("1.0.0") == true)
    }

    @Test func removingAnAppFreesItsFiles() async throws {
        let fixture = try await Fixture()
        try await fixture.push(try Fixture.zip("one"))
        try await fixture.push(try Fixture.zip("two"))
        #expect(fixture.blobs.count == 3, "worker.py is shared")
        try await fixture.service.remove("one")
        #expect(fixture.blobs.count == 2)
        let two = try await fixture.service.version("two", "1.0.0")
        let worker = try #require(two.tree.file("worker.py"))
        #expect(try await fixture.service.readFile(worker.digest, at: 0, length: 100).count == worker.size)
    }

    // MARK: Changes

    @Test func aWaiterHearsOfAChangeAtOnce() async throws {
        let fixture = try await Fixture()
        let first = try await fixture.service.catalogChanges(after: 0, waiting: .seconds(20))
        #expect(first.complete && first.generation == 1)
        async let next = fixture.service.catalogChanges(after: 1, waiting: .seconds(20))
        let started = ContinuousClock.now
        try await fixture.push(try Fixture.zip())
        #expect(try await next.items.map(\.app.name) == ["hello"])
        #expect(ContinuousClock.now - started < .seconds(18))
    }

    @Test func aWaiterGoesHomeWhenTheTimeIsUp() async throws {
        let fixture = try await Fixture()
        let changes = try await fixture.service.catalogChanges(after: 1, waiting: .milliseconds(20))
        #expect(changes.items.isEmpty && changes.generation == 1 && !changes.complete)
    }

    @Test func revocationReachesAWaiterAtOnce() async throws {
        let fixture = try await Fixture()
        let issued = try await fixture.service.createKey(KeyDraft(comment: "ci"))
        let known = try await fixture.service.keyChanges(after: 0, waiting: .zero)
        #expect(known.items.map(\.secret) == [issued.secret])
        async let change = fixture.service.keyChanges(after: known.generation, waiting: .seconds(20))
        let started = ContinuousClock.now
        _ = try await fixture.service.revokeKey(issued.record.id)
        let told = try await change
        // What is promised, of which this is one part of the way.
        #expect(ContinuousClock.now - started < .seconds(5))
        #expect(told.items.map(\.record.revoked) == [true] && told.items.map(\.secret) == [""])
    }

    @Test func aLargeCatalogComesInParts() async throws {
        let store = MemorySupervisorStore()
        let longPath = String(repeating: "p", count: 200)
        for app in 0..<5 {
            let files = (0..<10_000).map {
                PackageTree.File(
                    path: "\(longPath)\($0)", mode: 0o644, size: 1, digest: [UInt8](repeating: 1, count: 32))
            }
            let manifest = AppManifest(name: "app\(app)", version: "1.0.0")
            _ = try await store.add(
                VersionRecord(manifest: manifest, tree: PackageTree(files), createdAt: 1, createdBy: ""))
        }
        let fixture = try await Fixture(store: store)
        var seen: [String] = []
        var changes = try await fixture.service.catalogChanges(after: 0, waiting: .zero)
        var rounds = 0
        while !changes.items.isEmpty, rounds < 10 {
            #expect(changes.complete == (rounds == 0))
            seen += changes.items.map(\.app.name)
            changes = try await fixture.service.catalogChanges(after: changes.generation, waiting: .zero)
            rounds += 1
        }
        #expect(seen == (0..<5).map { "app\($0)" })
        #expect(rounds == 2)
    }
}
