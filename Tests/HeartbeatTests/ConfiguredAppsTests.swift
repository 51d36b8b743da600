import ElvesCore
import Foundation
import Logging
import TestSupport
import Testing

@testable import Heartbeat

/// The apps of a center without a supervisor.
@Suite struct ConfiguredAppsTests {
    /// A data folder and a folder of apps, gone with this value.
    private final class Folder: Sendable {
        let url = FileManager.default.temporaryDirectory.appending(path: "elves-apps-\(UUID().uuidString)")
        var apps: String { url.appending(path: "apps").path(percentEncoded: false) }
        var data: String { url.appending(path: "data").path(percentEncoded: false) }

        init() throws {
            try FileManager.default.createDirectory(atPath: apps, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(at: url) }

        func write(_ name: String, _ content: some Sequence<UInt8>) throws {
            let file = URL(filePath: apps).appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(content).write(to: file)
        }

        func read() throws -> ConfiguredApps { try .needed(folder: apps, data: data) }
    }

    private static func old(_ worker: String = "print(1)") -> [UInt8] {
        var zip = RawZip()
        zip.add("app-worker.py", worker)
        return zip.bytes()
    }

    @Test func foldersAndZipFilesAreForEveryAgent() async throws {
        let folder = try Folder()
        let worker = String(repeating: "# a line of some length\n", count: 20_000)
        try folder.write("old_tools_1.0.3.zip", Self.old(worker))
        try folder.write("hello/app.yaml", RawZip.hello.utf8)
        try folder.write("hello/worker.py", "print(2)".utf8)
        try folder.write("README", "not an app".utf8)
        let apps = try folder.read()
        let change = try await apps.changes(after: 0, waitMs: 0)
        #expect(change.complete && change.generation > 0)
        #expect(change.entries.map(\.app) == ["hello", "old_tools"])
        #expect(change.entries.compactMap(\.live?.version) == ["1.0.0", "1.0.3"])
        #expect(change.entries.allSatisfy { $0.bindings == ["*"] && !$0.removed })
        let none = try await apps.changes(after: change.generation, waitMs: 1)
        #expect(none.entries.isEmpty && !none.complete && none.generation == change.generation)
        #expect(try await folder.read().changes(after: 0, waitMs: 0) == change, "the same after a restart")

        let service = try await self.service(InMemoryHeartbeatStore(), apps)
        let desired = try #require(try service.beat(.test(1), .test("one")).desired)
        #expect(desired.apps.map(\.app) == ["hello", "old_tools"] && desired.removals.isEmpty)
        let file = try #require(desired.apps.last?.files.first)
        var got: [UInt8] = []
        while Int64(got.count) < file.size {
            got += try await service.fetchFile(
                .test(1), digest: file.digest, offset: Int64(got.count), length: 200_000)
        }
        #expect(got == Array(worker.utf8))
    }

    /// Fewer apps than before, or none at all, remove nothing.
    @Test func whatIsNotThereAnyMoreStays() async throws {
        let folder = try Folder()
        try folder.write("old_tools_1.0.3.zip", Self.old())
        let store = InMemoryHeartbeatStore()
        _ = try await service(store, try folder.read())
        try FileManager.default.removeItem(atPath: folder.apps + "/old_tools_1.0.3.zip")
        let service = try await self.service(store, try folder.read())
        var report = AgentReport.test("one")
        report.apps = [InstalledApp(app: "old_tools", version: "1.0.3")]
        #expect(try service.beat(.test(1), report).desired == nil)
    }

    @Test func whatCannotBeReadIsNamed() throws {
        let folder = try Folder()
        try folder.write("old_1.0.zip", Self.old())
        try folder.write("old_1.1.zip", Self.old())
        #expect(code { try folder.read() } == .elvesConfigInvalid, "two versions of one app")
        try FileManager.default.removeItem(atPath: folder.apps + "/old_1.1.zip")
        try folder.write("evil/app.yml", "name: evil".utf8)
        let error = #expect(throws: ElvesError.self) { _ = try folder.read() }
        #expect(error?.code == .packageManifestMissing && error?.message.contains("/evil: ") == true)
        #expect(
            code { try ConfiguredApps.needed(folder: folder.apps + "/none", data: folder.data) } == .elvesConfigInvalid)
        #expect(code { try ConfiguredApps.needed(folder: nil, data: folder.data) } == .elvesConfigMissing)
    }

    /// What heartbeat empties may hold nothing of the operator's.
    @Test(arguments: ["", "/configured-files", "/configured-files/mine", "/../data/configured-files"])
    func theFolderOfItsOwnFilesIsRefused(below: String) throws {
        let folder = try Folder()
        let apps = folder.data + below
        try FileManager.default.createDirectory(atPath: apps, withIntermediateDirectories: true)
        let zip = URL(filePath: apps).appending(path: "old_1.0.zip")
        try Data(Self.old()).write(to: zip)
        #expect(code { try ConfiguredApps.needed(folder: apps, data: folder.data) } == .elvesConfigInvalid)
        #expect(FileManager.default.fileExists(atPath: zip.path(percentEncoded: false)))
    }

    /// A service that has taken the apps over.
    private func service(_ store: InMemoryHeartbeatStore, _ apps: ConfiguredApps) async throws -> HeartbeatService {
        let service = HeartbeatService(
            store: store, catalog: apps, files: apps, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await service.load()
        #expect(try await service.follow())
        return service
    }

    private func code(_ body: () throws -> ConfiguredApps) -> ErrorCode? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? ElvesError)?.code
        }
    }
}
