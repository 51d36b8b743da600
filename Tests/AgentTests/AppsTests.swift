import ElvesContracts
import ElvesCore
import Glibc
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
        for file in Disk.names(in: Self.apps + "/" + name) where Disk.size("\(Self.apps)/\(name)/\(file)") != nil {
            let bytes = try Disk.read("\(Self.apps)/\(name)/\(file)")
            package.files[file] = (String(decoding: bytes, as: UTF8.self), 0o755)
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

    @Test func anAppOfElves2() async throws {
        let bench = try await Bench([package("hello-elves2", workerProtocol: .elves2, entry: [])])
        let greeting = try await bench.run("greet", app: "hello-elves2", param: #"{"name":"Ada"}"#)
        #expect(greeting.message == "hello Ada" && greeting.flag == 1, "\(greeting.stderr.head)")
        #expect(try await bench.run("refuse", app: "hello-elves2").flag == 0)
        #expect(try await bench.run("nope", app: "hello-elves2").flag == 0)
        await bench.stop()
    }

    @Test func theSDKsInTheAppsAreTheSDKs() throws {
        for (copy, original) in [
            ("hello/elves_app.py", "sdk/python/elves_app.py"), ("hello-shell/elves_app.sh", "sdk/shell/elves_app.sh"),
        ] {
            #expect(try Disk.read("\(Self.apps)/\(copy)") == Disk.read("\(Self.apps)/\(original)"))
        }
    }
}
