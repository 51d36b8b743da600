import AppPackage
import ElvesCore
import Foundation
import TestSupport
import Testing

@Suite struct AppFolderTests {
    private func sample() throws -> Scratch {
        let scratch = try Scratch()
        try scratch.write("app/app.yaml", Array(RawZip.hello.utf8))
        try scratch.write("app/worker.py", Array("print(1)\n".utf8), mode: 0o755)
        try scratch.write("app/größe/data.bin", (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        try scratch.write("app/empty", [])
        return scratch
    }

    @Test func whatWasZippedReadsBackAsTheSameTree() throws {
        let scratch = try sample()
        let folder = AppFolder(scratch.path("app"))
        let written = try folder.writeZip(to: scratch.path("one.zip"))
        let read = try PackageReader().read(
            zipAt: scratch.path("one.zip"), filename: "one.zip", into: HashingBlobStore())
        #expect(read.tree == written.tree)
        #expect(read.manifest == written.manifest)
        #expect(read.tree.files.map(\.path) == ["app.yaml", "empty", "größe/data.bin", "worker.py"])
        _ = try folder.writeZip(to: scratch.path("two.zip"))
        #expect(
            FileManager.default.contents(atPath: scratch.path("one.zip"))
                == FileManager.default.contents(atPath: scratch.path("two.zip")))
    }

    @Test func whatDoesNotBelongStaysBehind() throws {
        let scratch = try sample()
        for name in [".git/config", ".env", "__pycache__/a.pyc", "lib/x.pyc", "lib/keep.py", "out/a", "a.log"] {
            try scratch.write("app/" + name, [1])
        }
        try scratch.write("app/lib/out", [1])
        try scratch.write("app/.elvesignore", Array("# built\nout/\n*.log\n\n/empty\n".utf8))
        let paths = try AppFolder(scratch.path("app")).inspect().tree.files.map(\.path)
        #expect(paths == ["app.yaml", "größe/data.bin", "lib/keep.py", "lib/out", "worker.py"])
    }

    @Test func linksAreRefused() throws {
        let scratch = try sample()
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path("app/link"), withDestinationPath: "/etc/passwd")
        let error = #expect(throws: ElvesError.self) { try AppFolder(scratch.path("app")).inspect() }
        #expect(error?.code == .packageLinkUnsupported)
    }

    @Test func aFolderWithoutManifestIsToldSo() throws {
        let scratch = try Scratch()
        try scratch.write("app/worker.py", [1])
        let error = #expect(throws: ElvesError.self) { try AppFolder(scratch.path("app")).inspect() }
        #expect(error?.code == .packageManifestMissing)
        #expect(throws: ElvesError.self) { try AppFolder(scratch.path("nothing")).inspect() }
    }

    @Test func anEntryWithoutInterpreterMustBeExecutable() throws {
        let scratch = try sample()
        let manifest = "name: a\nversion: 1.0.0\nentry: [./run.sh]\nfunctions: [{name: f}]\n"
        try scratch.write("app/app.yaml", Array(manifest.utf8))
        try scratch.write("app/run.sh", [1], mode: 0o644)
        let inspection = try AppFolder(scratch.path("app")).inspect()
        #expect(inspection.problems.map(\.code) == [.packageEntryNotExecutable])
        #expect(inspection.problems.map(\.line) == [3])
        #expect(throws: ElvesError.self) { try AppFolder(scratch.path("app")).writeZip(to: scratch.path("z")) }
        try scratch.write("app/run.sh", [1], mode: 0o755)
        #expect(try AppFolder(scratch.path("app")).inspect().problems.isEmpty)
    }
}
