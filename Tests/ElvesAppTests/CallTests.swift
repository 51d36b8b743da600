import Foundation
import Testing

@testable import ElvesApp

/// Files of a call, as the agent lays them, and files that go back.
@Suite struct CallTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "elves-call-\(UUID().uuidString)")

    private func call(_ names: String...) throws -> Call {
        var environment: [String: String] = [:]
        for name in names {
            let place = folder.appending(path: name)
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            environment[name] = place.path(percentEncoded: false)
        }
        return try Call(Data("{}".utf8), environment: environment)
    }

    @Test func filesAreFoundByName() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try call("ELVES_FILES_DIR")
        try Data("hi".utf8).write(to: folder.appending(path: "ELVES_FILES_DIR/a b.conf"))
        let call = try call("ELVES_FILES_DIR")
        #expect(Array(call.files.keys) == ["a b.conf"])
        #expect(try String(contentsOf: #require(call.files["a b.conf"]), encoding: .utf8) == "hi")
        #expect(try self.call().files.isEmpty)
    }

    @Test func filesGoBack() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let call = try call("ELVES_OUTPUT_DIR")
        let file = folder.appending(path: "old.conf")
        try Data("old".utf8).write(to: file)
        try call.returnFile(file)
        try call.returnFile(file, as: "other")
        try Data("new".utf8).write(to: try call.outputFile("written"))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/ELVES_OUTPUT_DIR").sorted()
        #expect(names == ["old.conf", "other", "written"])
    }

    @Test(arguments: ["", ".", "..", "a/b", "/etc/x"]) func onlyPlainNamesGoBack(name: String) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let call = try call("ELVES_OUTPUT_DIR")
        #expect(throws: FileNotReturnable.self) { try call.outputFile(name) }
    }

    @Test func whereNothingCanBeReturnedThatIsSaid() throws {
        let error = #expect(throws: FileNotReturnable.self) { try self.call().outputFile("x") }
        #expect(error?.description.contains("ELVES_OUTPUT_DIR is not set") == true)
    }
}
