import ElvesContracts
import ElvesCore
import Glibc
import Synchronization
import Testing

@testable import Agent

/// The bundled apps, run as an agent runs them.
@Suite struct AppsTests {
    private static let apps: String = {
        var parts = #filePath.split(separator: "/")
        parts.removeLast(3)
        return "/" + parts.joined(separator: "/") + "/apps"
    }()

    private func package(_ name: String, workerProtocol: WorkerProtocol, entry: [String]) throws -> Package {
        var package = Package(name, version: "1.0.0", workerProtocol: workerProtocol, entry: entry, [:])
        let names = Disk.names(in: Self.apps + "/" + name).filter { !$0.hasPrefix(".") }
        for file in names where Disk.size("\(Self.apps)/\(name)/\(file)") != nil {
            package.files[file] = (try Disk.read("\(Self.apps)/\(name)/\(file)"), 0o755)
        }
        return package
    }

    @Test func helloInPython() async throws {
        let bench = try await Bench([package("hello", workerProtocol: .json, entry: ["python3", "worker.py"])])
        let greeting = try await bench.run("greet", app: "hello", param: #"{"name":"Ada"}"#)
        #expect(greeting.result == #"{"text": "hello Ada"}"#, "\(greeting.message) \(greeting.stderr.head)")
        #expect(try await bench.run("greet", app: "hello").result == #"{"text": "hello world"}"#)
        _ = try await bench.run("count", app: "hello")
        #expect(try await bench.run("count", app: "hello").result == #"{"calls": 2}"#)
        let refusal = try await bench.run("refuse", app: "hello", param: "1")
        #expect(refusal.flag == 0 && refusal.message == "no, on principle")
        await bench.stop()
    }

    @Test func helloInShell() async throws {
        let bench = try await Bench([package("hello-shell", workerProtocol: .json, entry: ["sh", "worker.sh"])])
        let greeting = try await bench.run("greet", app: "hello-shell", param: #"{"name":"Ada \"\\ \n Ö"}"#)
        let value = try JSONValue(parsing: greeting.result ?? "")
        #expect(value["text"] == "hello Ada \"\\ \n Ö", "\(greeting.stderr.head)")
        let disk = try await bench.run("disk", app: "hello-shell")
        #expect(try JSONValue(parsing: disk.result ?? "")["used_percent"]?.int != nil)
        await bench.stop()
    }

    @Test func helloInSwift() async throws {
        var hello = try package("hello-swift", workerProtocol: .json, entry: ["hello-swift"])
        // The program as it was built with these tests, beside them.
        let own = try #require(Disk.linkTarget("/proc/self/exe"))
        hello.files["hello-swift"] = (try Disk.read(Disk.parent(of: own) + "/hello-swift"), 0o755)
        let bench = try await Bench([hello])
        let greeting = try await bench.run("greet", app: "hello-swift", param: #"{"name":"Ada \"\\ Ö"}"#)
        #expect(
            try JSONValue(parsing: greeting.result ?? "")["text"] == #"hello Ada "\ Ö"#,
            "\(greeting.message) \(greeting.stderr.head)")
        #expect(greeting.stdout.head.isEmpty)
        #expect(try await bench.run("greet", app: "hello-swift").result == #"{"text":"hello world"}"#)
        let refusal = try await bench.run("refuse", app: "hello-swift")
        #expect(refusal.flag == 0 && refusal.message == "no, on principle")
        let unknown = try await bench.run("nope", app: "hello-swift")
        #expect(unknown.flag == 0 && unknown.message == #"no function "nope"; there are greet, refuse"#)
        let broken = try await bench.run("greet", app: "hello-swift", param: "[1]")
        #expect(broken.flag == -1 && broken.code == "agent.worker.exit", "\(broken.message)")
        #expect(broken.message.hasPrefix("exit status 70: "), "\(broken.message)")
        await bench.stop()
    }

    @Test func anAppOfElves2() async throws {
        let bench = try await Bench([package("hello-elves2", workerProtocol: .elves2, entry: [])])
        let greeting = try await bench.run("greet", app: "hello-elves2", param: #"{"name":"Ada"}"#)
        #expect(greeting.message == "hello Ada" && greeting.flag == 1, "\(greeting.stderr.head)")
        #expect(try await bench.run("refuse", app: "hello-elves2").flag == 0)
        #expect(try await bench.run("nope", app: "hello-elves2").flag == 0)
        await bench.stop()
    }

    @Test func aConfigFile() async throws {
        let center = PlayedCenter()
        let config = try package("config-file", workerProtocol: .json, entry: ["python3", "worker.py"])
        let bench = try await Bench([config], center: center.caller)
        let path = bench.folder.path + "/app.conf"
        let param = JSONValue.object(["path": .string(path)]).text()
        for text in ["one", "two"] {
            let bytes = Array(text.utf8)
            let file = FileRef(name: "new", digest: SHA256.digest(of: bytes), size: Int64(bytes.count))
            center.state.withLock { $0.blobs[file.digest] = bytes }
            let done = try await bench.run("put", app: "config-file", param: param, files: [file])
            #expect(done.state == .succeeded, "\(done.message) \(done.stderr.head)")
            #expect(bench.folder.text("app.conf") == text)
        }
        #expect(center.state.withLock { $0.uploads["app.conf"] } == Array("one".utf8))
        let back = try await bench.run("rollback", app: "config-file", param: param)
        #expect(back.files?.map(\.digest) == [SHA256.digest(of: Array("two".utf8))])
        #expect(bench.folder.text("app.conf") == "one")
        await bench.stop()
    }

    @Test func theConfigFilesOwnTest() throws {
        #expect(system("/usr/bin/env python3 -B \(Self.apps)/config-file/test_worker.py 2>/dev/null") == 0)
    }

    @Test func theSDKsInTheAppsAreTheSDKs() throws {
        for (copy, original) in [
            ("hello/elves_app.py", "sdk/python/elves_app.py"), ("hello-shell/elves_app.sh", "sdk/shell/elves_app.sh"),
            ("config-file/elves_app.py", "sdk/python/elves_app.py"),
        ] {
            #expect(try Disk.read("\(Self.apps)/\(copy)") == Disk.read("\(Self.apps)/\(original)"))
        }
    }
}
