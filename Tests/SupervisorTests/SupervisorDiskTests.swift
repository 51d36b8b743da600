import AppPackage
import ElvesCore
import Foundation
import Supervisor
import TestSupport
import Testing

/// What a restart finds after the process was killed, and what a full disk does.
@Suite struct SupervisorDiskTests {
    private func open(_ folder: String) async throws -> SupervisorService {
        try SupervisorFolder(folder).initialise()
        return try await SupervisorFolder(folder).open(now: { 1 })
    }

    private func code(_ body: () async throws -> some Any) async -> ErrorCode? {
        do {
            _ = try await body()
            return nil
        } catch {
            return (error as? ElvesError)?.code
        }
    }

    private func push(_ zip: [UInt8], to service: SupervisorService) async throws {
        let upload = try await service.beginPush(filename: "app.zip", size: Int64(zip.count))
        for start in stride(from: 0, to: zip.count, by: 1 << 20) {
            try await service.pushChunk(upload, at: Int64(start), Array(zip[start..<min(zip.count, start + 1 << 20)]))
        }
        _ = try await service.finishPush(upload, by: "tester")
    }

    @Test func everythingIsThereAfterARestart() async throws {
        let scratch = try Scratch()
        var secret = ""
        do {
            let service = try await open(scratch.path("data"))
            try await push(try Fixture.zip(), to: service)
            _ = try await service.bind("hello", "*")
            secret = try await service.createKey(KeyDraft(comment: "ci")).secret
        }
        let service = try await open(scratch.path("data"))
        let app = try await service.app("hello")
        #expect(app.live == "1.0.0" && app.bindings.map(\.targets) == ["*"])
        #expect(try await service.keyChanges(after: 0, waiting: .zero).items.map(\.secret) == [secret])
    }

    @Test(arguments: [0, 1, 3, 6])
    func aKilledPushLeavesNothingHalfDone(_ stored: Int) async throws {
        let scratch = try Scratch()
        try SupervisorFolder(scratch.path("data")).initialise()
        for number in 0..<30 {
            let content = String(repeating: "version \(number) ", count: 20_000)
            try scratch.write("zips/\(1_000 + number)", Fixture.zip("hello", "1.0.\(number)", content: content))
        }
        let victim = Process()
        victim.executableURL = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appending(path: "supervisor-victim")
        victim.arguments = [scratch.path("data"), scratch.path("zips")]
        let output = Pipe()
        victim.standardOutput = output
        try victim.run()
        var told: [UInt8] = []
        while told.count(where: { $0 == 10 }) < stored {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { break }
            told += more
        }
        kill(victim.processIdentifier, SIGKILL)
        victim.waitUntilExit()
        told += output.fileHandleForReading.readDataToEndOfFile()
        #expect(victim.terminationReason == .uncaughtSignal)

        let names = String(decoding: told, as: UTF8.self).split(separator: "\n")
        #expect(names.count >= stored && names.count < 30)
        let service = try await open(scratch.path("data"))
        let versions = try await service.apps().first?.versions ?? []
        #expect(versions.count - names.count <= 1 && versions.count >= names.count)
        for number in versions {
            for file in try await service.version("hello", number).tree.files {
                var size = 0
                while true {
                    let part = try await service.readFile(file.digest, at: Int64(size), length: 256 << 10)
                    guard !part.isEmpty else { break }
                    size += part.count
                }
                #expect(size == file.size)
            }
        }
        #expect(scratch.files(below: "data/blobs").count == versions.count * 2)
        #expect(scratch.files(below: "data/staging").isEmpty && scratch.files(below: "data/uploads").isEmpty)
    }

    @Test(.enabled(if: SmallDisk.isPermitted, "mounting a small tmpfs needs root"))
    func aFullDiskIsToldAndForgotten() async throws {
        let disk = try SmallDisk(mebibytes: 3)
        let service = try await open(disk.path + "/data")
        try await push(try Fixture.zip(), to: service)
        var random = SystemRandomNumberGenerator()
        let noise = (0..<4 << 20).map { _ in UInt8.random(in: 33...126, using: &random) }
        let large = try Fixture.zip("large", content: String(decoding: noise, as: UTF8.self))
        #expect(await code { try await push(large, to: service) } == .elvesStoreFull)
        #expect(try await service.apps().map(\.name) == ["hello"])

        try disk.fill()
        var full: ErrorCode?
        for _ in 0..<2_000 where full == nil {
            full = await code { try await service.createKey(KeyDraft(comment: String(repeating: "c", count: 200))) }
        }
        #expect(full == .elvesStoreFull)
        let keys = try await service.keys().count
        try disk.empty()
        _ = try await service.createKey(KeyDraft())
        #expect(try await service.keys().count == keys + 1)
        try await push(try Fixture.zip("after"), to: service)
    }
}
