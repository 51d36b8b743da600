import ElvesClient
import Foundation
import Synchronization
import Testing

@testable import ElvesCLI

@Suite struct AppPlacementTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private final class Notes: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    @Test func anAppThatIsNotBuiltIsNamedAndLeftOut() async throws {
        let manifest = "version: 1.0.0\nfunctions: [{name: greet}]\n"
        _ = try scratch.write("name: built\nentry: [sh, worker.sh]\n" + manifest, to: "built/app.yaml")
        _ = try scratch.write("", to: "built/worker.sh")
        _ = try scratch.write("name: unbuilt\nentry: [./worker]\n" + manifest, to: "unbuilt/app.yaml")
        _ = try scratch.write("", to: "no-app/notes.txt")
        let folder = scratch.path
        let record = #"""
            {"app":"built","summary":"","live_version":"1.0.0","versions":["1.0.0"],"bindings":[],"updated_at":null,
            "functions":[]}
            """#
        let pushed = #"{"app":"built","version":"1.0.0","digest":"ab","files":2,"activated":true}"#
        let table = [
            "POST /api/v3/apps": pushed, "GET /api/v3/apps/built": record, "POST /api/v3/apps/built/bindings": record,
        ]
        try await FakeCenter.run(table) { url, center in
            let notes = Notes()
            let address = try #require(URL(string: url))
            let placement = AppPlacement(center: ElvesCenter(url: address, credentials: .token("t"))) { notes.add($0) }
            #expect(try await placement.place(appsIn: folder) == ["built": "1.0.0"])
            #expect(center.asked.filter { $0.line.hasPrefix("POST /api/v3/apps?") }.count == 1)
            #expect(notes.all.count == 1)
            let note = try #require(notes.all.first)
            #expect(note.contains("/unbuilt is left out: app.yaml:2: entry names no file"), "\(note)")
            #expect(note.contains("add the file \"./worker\""), "\(note)")
        }
    }
}
