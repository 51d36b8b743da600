import ElvesCLI
import Foundation
import Testing

@Suite struct AppFolderCommandTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private func made(_ language: String) async throws -> String {
        let folder = "\(scratch.path)/my-\(language)"
        let (status, terminal) = await Command.run(["app", "new", folder, "--language", language])
        #expect(status == .success, "\(terminal.notes)")
        return folder
    }

    @Test(arguments: [("python", 5), ("shell", 4)])
    func aNewAppIsFit(language: String, files: Int) async throws {
        let folder = try await made(language)
        let (status, terminal) = await Command.run(["app", "lint", folder])
        #expect(status == .success)
        #expect(terminal.output == ["my-\(language) 1.0.0 is fine: 1 function, \(files) files"])
    }

    @Test func aNewPythonAppHasTheSDK() async throws {
        let own = try String(contentsOfFile: "\(try await made("python"))/elves_app.py", encoding: .utf8)
        let sdk = Repository.root.appending(path: "apps/sdk/python/elves_app.py")
        #expect(own == (try String(contentsOf: sdk, encoding: .utf8)))
    }

    @Test func aNewSwiftAppWantsItsBuildFirst() async throws {
        let folder = try await made("swift")
        let (unbuilt, terminal) = await Command.run(["app", "lint", folder])
        #expect(unbuilt == .failure)
        let problem = #"entry names no file of the package; add the file "./worker", or correct entry"#
        #expect(terminal.output.first?.hasSuffix(problem) == true, "\(terminal.output)")
        let worker = try scratch.write("#!/bin/sh\n", to: "my-swift/worker")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: worker)
        let (built, _) = await Command.run(["app", "lint", folder])
        #expect(built == .success)
    }

    @Test(arguments: [("python", "test_worker.py", "python3"), ("shell", "test.sh", "sh")])
    func aNewAppPassesItsOwnTest(language: String, test: String, interpreter: String) async throws {
        let folder = try await made(language)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [interpreter, "\(folder)/\(test)"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    /// Where `swiftc` is, if it is in PATH.
    private static let hasCompiler = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .contains { FileManager.default.isExecutableFile(atPath: "\($0)/swiftc") }

    @Test(.enabled(if: hasCompiler), .timeLimit(.minutes(5)))
    func aNewSwiftAppCompilesPassesItsTestAndRuns() async throws {
        let folder = try await made("swift")
        let make = Process()
        make.executableURL = URL(filePath: "/usr/bin/env")
        make.arguments = ["make", "-C", folder, "test"]
        let output = Pipe()
        make.standardOutput = output
        make.standardError = output
        try make.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        make.waitUntilExit()
        #expect(make.terminationStatus == 0, "\(text)")
        // The linker warns of what lies in Foundation itself.
        #expect(!text.contains("worker.swift:"), "\(text)")
        let (fit, lint) = await Command.run(["app", "lint", folder])
        #expect(fit == .success, "\(lint.output)")
        let environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "HOME": scratch.path]
        let (status, terminal) = await Command.run(
            ["app", "run", folder, "greet", "--param", "name=Ada"], environment: environment)
        #expect(status == .success, "\(terminal.notes)")
        #expect(terminal.output == [#"{"text":"hello Ada"}"#])
    }

    @Test(arguments: ["python", "shell"])
    func aNewAppRunsHereAsOnAnAgent(language: String) async throws {
        let folder = try await made(language)
        let environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "HOME": scratch.path]
        let (status, terminal) = await Command.run(
            ["app", "run", folder, "greet", "--param", "name=Ada"], environment: environment)
        #expect(status == .success, "\(terminal.notes)")
        #expect(terminal.output == [#"{"text":"hello Ada"}"#])

        let (unknown, errors) = await Command.run(["app", "run", folder, "gret"], environment: environment)
        #expect(unknown == .failure)
        #expect(errors.notes.first?.contains(#"has no function "gret"; did you mean "greet"?"#) == true)
    }

    @Test func aFailingWorkerSaysWhy() async throws {
        let folder = try await made("shell")
        _ = try scratch.write(
            #"echo working; printf '{"error": "no space"}' >&3; exit 3"#, to: "my-shell/worker.sh")
        let (status, terminal) = await Command.run(
            ["app", "run", folder, "greet"], environment: ["PATH": "/usr/bin:/bin"])
        #expect(status == .failure)
        #expect(terminal.output.isEmpty)
        #expect(terminal.notes.prefix(2) == ["stdout:", "  working"])
        #expect(terminal.notes.last?.hasPrefix("error: agent.worker.failed: greet failed: no space") == true)
    }

    @Test func anExistingFolderIsLeftAlone() async throws {
        let folder = try await made("python")
        let (status, terminal) = await Command.run(["app", "new", folder])
        #expect(status == .usage)
        #expect(terminal.notes.first?.hasPrefix("error: cli.file.exists: ") == true)
    }

    @Test(arguments: ["-x", "a b", "ü", ".hidden"])
    func aWrongNameIsRefused(name: String) async throws {
        let (status, _) = await Command.run(["app", "new", "--", "\(scratch.path)/\(name)"])
        #expect(status == .usage)
    }

    @Test func lintSaysAllAtOnceWithTheirLines() async throws {
        let folder = try await made("python")
        _ = try scratch.write(
            "name: my app\nverison: 1.0.0\nentry: [python3, worker.py]\nfunctions:\n  - summary: x\n",
            to: "my-python/app.yaml")
        let (status, terminal) = await Command.run(["app", "lint", folder])
        #expect(status == .failure)
        #expect(terminal.output.count >= 3)
        #expect(terminal.output.contains { $0.hasPrefix("\(folder)/app.yaml:2: ") && $0.contains("version") })
    }

    @Test func aFolderIsPushedAsAZipWithItsName() async throws {
        let folder = try await made("python")
        let answer = #"{"app":"my-python","version":"1.0.0","digest":"ab","files":4,"activated":true}"#
        try await FakeCenter.run(["POST /api/v3/apps": answer]) { url, center in
            let (status, terminal) = await Command.run(["app", "push", folder], url: url)
            #expect(status == .success)
            #expect(terminal.output == ["pushed my-python 1.0.0, 4 files, now live"])
            #expect(center.asked.first?.line == "POST /api/v3/apps?filename=my-python_1.0.0.zip")
            #expect(center.asked.first?.body.hasPrefix("PK") == true)
        }
    }

    @Test func aBrokenFolderIsNotPushed() async throws {
        _ = try scratch.write("name: x\n", to: "broken/app.yaml")
        let folder = "\(scratch.path)/broken"
        try await FakeCenter.run([:]) { url, center in
            let (status, terminal) = await Command.run(["app", "push", folder], url: url)
            #expect(status == .failure)
            #expect(terminal.notes.first?.hasPrefix("error: package.") == true)
            #expect(center.asked.isEmpty)
        }
    }
}
