import ElvesCore
import Foundation
import Supervisor
import Testing

@Suite struct MasterKeyTests {
    @Test func aSealedSecretOpensOnlyForItsKey() throws {
        let scratch = try Scratch()
        let key = try MasterKey.create(at: scratch.path("master.key"))
        let sealed = try key.seal("secret", for: "k1")
        #expect(!String(decoding: sealed, as: UTF8.self).contains("secret"))
        #expect(try MasterKey.load(from: scratch.path("master.key")).open(sealed, for: "k1") == "secret")
        #expect(throws: ElvesError.self) { try key.open(sealed, for: "k2") }
        var changed = sealed
        changed[changed.count - 1] ^= 1
        #expect(throws: ElvesError.self) { try key.open(changed, for: "k1") }
        let other = try MasterKey.create(at: scratch.path("other.key"))
        #expect(throws: ElvesError.self) { try other.open(sealed, for: "k1") }
        #expect(throws: ElvesError.self) { try key.open([1, 2, 3], for: "k1") }
    }

    @Test func itsFileIsForItsOwnerOnly() throws {
        let scratch = try Scratch()
        let path = scratch.path("master.key")
        _ = try MasterKey.create(at: path)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        let exposed = #expect(throws: ElvesError.self) { try MasterKey.load(from: path) }
        #expect(exposed?.code == .elvesSecretPermissions && exposed?.hint.contains("chmod 600") == true)
        let missing = #expect(throws: ElvesError.self) { try MasterKey.load(from: scratch.path("none")) }
        #expect(missing?.code == .elvesSecretMissing && missing?.hint.contains("init") == true)
        #expect(throws: ElvesError.self) { try MasterKey.create(at: path) }
    }

    @Test func anotherMasterKeyIsNoticedAtStart() async throws {
        let scratch = try Scratch()
        let folder = SupervisorFolder(scratch.path("data"))
        try folder.initialise()
        _ = try await folder.open(now: { 1 }).createKey(KeyDraft())
        try FileManager.default.removeItem(atPath: folder.masterKey)
        let lost = #expect(throws: ElvesError.self) { try folder.initialise() }
        #expect(lost?.code == .supervisorKeyMaster)
        _ = try MasterKey.create(at: folder.masterKey)
        let error = await #expect(throws: ElvesError.self) { try await folder.open(now: { 1 }) }
        #expect(error?.code == .supervisorKeyMaster)
    }

    @Test func neitherSecretNorTokenRestsInTheOpen() async throws {
        let scratch = try Scratch()
        let folder = SupervisorFolder(scratch.path("data"))
        try folder.initialise()
        let issued = try await folder.open(now: { 1 }).createKey(KeyDraft(comment: "findable-comment"))
        var all = Data()
        for name in scratch.files(below: "data") {
            all += try Data(contentsOf: URL(filePath: scratch.path("data/" + name)))
        }
        #expect(all.range(of: Data("findable-comment".utf8)) != nil)
        #expect(all.range(of: Data(issued.secret.utf8)) == nil)
        #expect(all.range(of: Data(issued.token.utf8)) == nil)
        #expect(issued.secret.count == 64 && issued.token.hasPrefix("elves_"))
    }

    @Test func anAdministratorsKeyIsWrittenPrivately() async throws {
        let scratch = try Scratch()
        let folder = SupervisorFolder(scratch.path("data"))
        try folder.initialise()
        try await folder.makeAdministrator(comment: "admin", file: scratch.path("admin.json"), now: { 5 })
        let bytes = Array(try Data(contentsOf: URL(filePath: scratch.path("admin.json"))))
        let json = try JSONValue(parsing: String(decoding: bytes, as: UTF8.self))
        let keys = try await folder.open(now: { 1 }).keyChanges(after: 0, waiting: .zero).items
        #expect(keys.map(\.record.id) == [json["auth_id"]?.string] && keys.map(\.secret) == [json["secret"]?.string])
        #expect(keys.first?.record.draft.scope.admin == true)
        let mode = try FileManager.default.attributesOfItem(atPath: scratch.path("admin.json"))[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    @Test func scopesAreChecked() async throws {
        let fixture = try await Fixture()
        for scope in [
            KeyScope(agents: ["zone in ("]), KeyScope(apps: [""]), KeyScope(functions: ["a,b"]),
            KeyScope(apps: (0...1_000).map(String.init)),
        ] {
            await #expect(throws: ElvesError.self) { try await fixture.service.createKey(KeyDraft(scope: scope)) }
        }
        await #expect(throws: ElvesError.self) {
            try await fixture.service.createKey(KeyDraft(comment: "two\nlines"))
        }
        #expect(try await fixture.service.keys().isEmpty)
    }
}
