import ElvesCLI
import Foundation
import Synchronization
import Testing

/// What `elves exec` can give a call beside its param.
@Suite struct CallOptionsTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    @Test func theyReachTheCenter() async throws {
        let task = ExecCommandTests.task("127.0.0.1", "created")
        try await FakeCenter.run([
            "POST /api/v3/tasks": task, "GET /api/v3/resolve": ExecCommandTests.agents(2),
            "POST /api/v3/batches": ExecCommandTests.batch,
        ]) { url, center in
            let options = [
                "--start-by", "10m", "--retries", "2", "--label", "ticket=OPS-12", "--label", "a=b=c", "--async",
            ]
            let (status, terminal) = await Command.run(
                ["exec", "hello", "greet", "--on", "127.0.0.1"] + options, url: url)
            #expect(status == .success && terminal.output == ["0123456789abcdef"])
            #expect(
                center.asked.last?.body
                    == #"{"app":"hello","function":"greet","labels":{"a":"b=c","ticket":"OPS-12"},"#
                    + #""retries":{"attempts":3},"start_by":600,"target":"127.0.0.1"}"#)
            let (_, batch) = await Command.run(
                ["exec", "hello", "greet", "--on", "zone=bj", "--max-failures", "5%"] + options, url: url)
            #expect(batch.output == ["b1"])
            #expect(
                center.asked.last?.body.contains(#""max_failures":"5%","retries":{"attempts":3},"start_by":600"#)
                    == true)
        }
    }

    @Test func filesAreUploadedOnce() async throws {
        let conf = try scratch.write("worker_processes 4;", to: "nginx.conf")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: conf)
        let known = try scratch.write("known", to: "b:c.txt")
        let digest = "2bcb4fc7ee4d14c9ac6ae2b0f2b9a6a1"
        try await FakeCenter.run(answering: { asked in
            if asked.line.hasPrefix("GET /api/v3/blobs/"), asked.line.contains(Self.knownDigest) {
                return (200, #"{"digest":"\#(Self.knownDigest)","size":5}"#)
            }
            if asked.line.hasPrefix("GET /api/v3/blobs/") {
                return (404, FakeCenter.problem(404, "scheduler.blob.unknown", "no such file"))
            }
            if asked.line == "POST /api/v3/blobs" { return (201, #"{"digest":"\#(digest)","size":19}"#) }
            return (200, ExecCommandTests.task("127.0.0.1", "succeeded"))
        }) { url, center in
            let (status, _) = await Command.run(
                ["exec", "hello", "greet", "--on", "127.0.0.1", "--file", "\(conf):site.conf", "--file", known],
                url: url)
            #expect(status == .success)
            let asked = center.asked
            #expect(asked.filter { $0.line == "POST /api/v3/blobs" }.map(\.body) == ["worker_processes 4;"])
            #expect(
                asked.last?.body.contains(
                    #""files":[{"digest":"\#(digest)","mode":"0600","name":"site.conf"},"#
                        + #"{"digest":"\#(Self.knownDigest)","mode":"0644","name":"b:c.txt"}]"#) == true,
                "\(asked.last?.body ?? "")")
        }
    }

    /// SHA-256 of `known`.
    private static let knownDigest = "7117fff2d0fd294462b3c802b7cb8753579f23f3946b99cf55f38e873f013f10"

    @Test(arguments: [
        (["--start-by", "soon"], "10m"), (["--retries", "0"], "1 to 99"), (["--max-failures", "many"], "5%"),
        (["--max-failures", "101%"], "5%"), (["--label", "ticket"], "NAME=VALUE"),
        (["--follow", "--async"], "leave --async out"), (["--kill-on-interrupt"], "goes with --follow"),
        (["--file", "x", "--curl"], "cannot upload"), (["--folow"], "--follow"),
    ])
    func wrongUseSendsNothing(options: [String], words: String) async throws {
        try await FakeCenter.run([:]) { url, center in
            let (status, terminal) = await Command.run(["exec", "hello", "greet", "--on", "x"] + options, url: url)
            #expect(status == .usage)
            #expect(terminal.notes.first?.hasPrefix("error: cli.") == true)
            #expect(terminal.notes.first?.contains(words) == true, "\(terminal.notes)")
            #expect(center.asked.isEmpty)
        }
    }

    @Test func filesThatCannotGo() async throws {
        let folder = scratch.path
        let one = try scratch.write("1", to: "one")
        let other = try scratch.write("2", to: "other/one")
        try await FakeCenter.run(answering: { asked in
            asked.line.hasPrefix("POST")
                ? (201, #"{"digest":"d","size":1}"#)
                : (404, FakeCenter.problem(404, "scheduler.blob.unknown", "no such file"))
        }) { url, center in
            for (files, words) in [
                ([folder], "is a folder"), (["\(folder)/none"], "there is no file \(folder)/none"),
                (["\(one):a/b"], "no name"),
                ([one, other], "two files are called one"),
            ] {
                let arguments = files.flatMap { ["--file", $0] }
                let (status, terminal) = await Command.run(
                    ["exec", "hello", "greet", "--on", "x"] + arguments, url: url)
                #expect(status != .success && terminal.notes.joined().contains(words), "\(terminal.notes)")
                #expect(!center.asked.contains { $0.line.hasPrefix("POST /api/v3/tasks") })
            }
        }
    }
}
