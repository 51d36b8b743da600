import ElvesClient
import Foundation
import Testing

/// Files that go with a call and come back, on a real center.
@Suite(.serialized, .timeLimit(.minutes(3))) struct CallFilesTests {
    @Test func filesTravelWithACallAndBack() async throws {
        let running = try await RunningCenter.start(agents: 1, apps: [.deck]) { data in
            let apps = URL(filePath: data).deletingLastPathComponent().appending(path: "apps")
            try FileManager.default.createDirectory(at: apps, withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                at: Self.bundled.appending(path: "config-file"), to: apps.appending(path: "config-file"))
        }
        try await aFileIsReadAndAnotherComesBack(running)
        try await theBundledAppPutsFilesInPlace(running)
        try await whatIsNoSuchFileIsRefused(running)
    }

    private static let bundled = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "apps")

    private func aFileIsReadAndAnotherComesBack(_ running: RunningCenter) async throws {
        let lines = (1...20_000).map { "line \($0) of a file, äöü" }
        let file = try write(running, "nginx.conf", lines.map { $0 + "\n" }.joined())
        let exec = try await running.typed("exec deck conf --on local-1 --file \(file):app.conf --json")
        #expect(exec.status == 0, "\(exec)")
        let task = try exec.json
        #expect(task["result"]?.text == String(lines.joined(separator: "\n").utf8.count + 1))
        let id = try #require(task["id"]?.string)

        let shown = try await running.typed("task get \(id)")
        #expect(shown.output.contains("\nfiles      app.conf (") && shown.output.contains("\nreturned   turned.conf ("))
        let turned = lines.reversed().map { $0 + "\n" }.joined()
        let piped = try await running.typed("file get \(id) turned.conf --output -")
        #expect(piped.status == 0 && piped.output == turned)
        let path = running.folder.appending(path: "turned.conf").path(percentEncoded: false)
        let saved = try await running.typed("file get \(id) turned.conf --output \(path)")
        #expect(saved.status == 0 && saved.output.isEmpty, "\(saved)")
        #expect(FileManager.default.contents(atPath: path) == Data(turned.utf8))
        let again = try await running.typed("file get \(id) turned.conf --output \(path)")
        #expect(again.status == 2 && again.errors.contains("--force"), "\(again)")
        let none = try await running.typed("file get \(id) turned.cnf")
        #expect(none.status == 1 && none.errors.contains(#"did you mean "turned.conf"?"#), "\(none)")
    }

    private func theBundledAppPutsFilesInPlace(_ running: RunningCenter) async throws {
        let place = running.folder.appending(path: "placed.conf").path(percentEncoded: false)
        func put(_ text: String) async throws -> JSONValue {
            let file = try write(running, "new.conf", text)
            let exec = try await running.typed(
                "exec config-file put --on local-1 --file \(file) --param path=\(place) --json")
            #expect(exec.status == 0, "\(exec)")
            return try exec.json
        }
        func placed() -> String { (try? String(contentsOfFile: place, encoding: .utf8)) ?? "" }
        #expect(try await put("one\n")["result"]?["changed"] == true)
        #expect(placed() == "one\n")
        let second = try #require(try await put("two\n")["id"]?.string)
        #expect(placed() == "two\n")
        let old = try await running.typed("file get \(second) placed.conf --output -")
        #expect(old.output == "one\n", "\(old)")
        let rollback = try await running.typed("exec config-file rollback --on local-1 --param path=\(place)")
        #expect(rollback.status == 0 && placed() == "one\n", "\(rollback)")
    }

    private func whatIsNoSuchFileIsRefused(_ running: RunningCenter) async throws {
        let digest = String(repeating: "0", count: 64)
        let wrong = try running.curl("/api/v3/blobs?digest=\(digest)", "--data-binary", "hello").json
        #expect(wrong["code"] == "openapi.request.digestWrong" && wrong["status"] == 400)
        #expect(wrong["detail"]?.string?.contains("2cf24dba5fb0a30e") == true, "\(wrong.text)")
        let call = #"{"app":"deck","function":"conf","target":"local-1","files":[{"name":"x","digest":"\#(digest)"}]}"#
        let unknown = try running.curl("/api/v3/tasks", "--data", call).json
        #expect(unknown["code"] == "scheduler.blob.unknown", "\(unknown.text)")

        let large = try write(running, "large", "")
        try FileHandle(forWritingTo: URL(filePath: large)).truncate(atOffset: (64 << 20) + 1)
        let exec = try await running.typed("exec deck conf --on local-1 --file \(large)")
        #expect(exec.status == 2 && exec.errors.hasPrefix("error: scheduler.blob.tooLong: "), "\(exec)")
        #expect(exec.errors.contains("64 MiB"), "\(exec)")
        let chunked = try running.curl(
            "/api/v3/blobs", "-H", "Expect:", "-H", "Transfer-Encoding: chunked", "-T", large, "-X", "POST")
        #expect(try chunked.json["code"] == "scheduler.blob.tooLong" && chunked.json["status"] == 413, "\(chunked)")
        let missing = try await running.typed("exec deck conf --on local-1 --file /no/such.conf")
        #expect(missing.status == 2 && missing.errors.contains("there is no file /no/such.conf"), "\(missing)")
    }

    private func write(_ running: RunningCenter, _ name: String, _ text: String) throws -> String {
        let file = running.folder.appending(path: name)
        try Data(text.utf8).write(to: file)
        return file.path(percentEncoded: false)
    }
}
