import AppPackage
import ElvesCore
import Foundation
import Supervisor

/// A service over a folder of its own, and apps to push to it.
struct Fixture {
    let scratch: Scratch
    let service: SupervisorService

    init(store: any SupervisorStore = MemorySupervisorStore(), scratch: Scratch? = nil) async throws {
        self.scratch = try scratch ?? Scratch()
        let keyPath = self.scratch.path("master.key")
        let key =
            FileManager.default.fileExists(atPath: keyPath)
            ? try MasterKey.load(from: keyPath) : try MasterKey.create(at: keyPath)
        service = try await SupervisorService(
            store: store, folder: self.scratch.path("data"), masterKey: key, now: { 1_780_000_000_000 })
    }

    /// The zip file of a small app.
    static func zip(
        _ name: String = "hello", _ version: String = "1.0.0", content: String = "print(1)\n"
    ) throws -> [UInt8] {
        let source = try Scratch()
        let manifest = """
            name: \(name)
            version: \(version)
            summary: Says hello, \(version)
            entry: [python3, worker.py]
            functions: [{name: greet, timeout: 5s, idempotent: true, param: {type: object}}]
            """
        try source.write("app/app.yaml", Array(manifest.utf8))
        try source.write("app/worker.py", Array(content.utf8))
        _ = try AppFolder(source.path("app")).writeZip(to: source.path("app.zip"))
        return Array(try Data(contentsOf: URL(filePath: source.path("app.zip"))))
    }

    @discardableResult
    func push(_ zip: [UInt8], filename: String = "app.zip") async throws -> (AddedVersion, activated: Bool) {
        let upload = try await service.beginPush(filename: filename, size: Int64(zip.count))
        let half = zip.count / 2
        try await service.pushChunk(upload, at: 0, Array(zip[..<half]))
        try await service.pushChunk(upload, at: Int64(half), Array(zip[half...]))
        return try await service.finishPush(upload, by: "tester")
    }

    var blobs: [String] { scratch.files(below: "data/blobs") }
    var leftovers: [String] { scratch.files(below: "data/uploads") + scratch.files(below: "data/staging") }
}
