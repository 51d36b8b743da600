import ElvesCLI
import Foundation
import Testing

@Suite struct UpPartsTests {
    @Test func yamlNestsDottedKeysAndQuotes() {
        let text = YAMLText.nested(["tls.ca": "/a b", "tls.key": #"/"k"\"#, "listen": "127.0.0.1:1"])
        #expect(
            text == """
                listen: "127.0.0.1:1"
                tls:
                  ca: "/a b"
                  key: "/\\"k\\"\\\\"

                """)
    }

    @Test func aFolderHasOneHolder() throws {
        let scratch = try ScratchFolder()
        let folder = DataFolder(path: scratch.path)
        let first = try DataLock(folder)
        first.note(pid: 4711)
        let failure = #expect(throws: Failure.self) { try DataLock(folder) }
        #expect(failure?.code == "cli.up.running")
        #expect(failure?.text.contains("(pid 4711)") == true)
        #expect(failure?.text.contains("kill 4711") == true)
        withExtendedLifetime(first) {}
    }

    @Test func theLockGoesWithItsHolder() throws {
        let scratch = try ScratchFolder()
        let folder = DataFolder(path: scratch.path)
        do { _ = try DataLock(folder) }
        _ = try DataLock(folder)
    }

    @Test func portsStayWhileTheyAreFree() throws {
        let scratch = try ScratchFolder()
        let folder = DataFolder(path: scratch.path)
        let first = try UpPorts.choose(["a", "b", "c"], in: folder)
        #expect(Set(first.thrift.values).count == 3)
        #expect(try UpPorts.choose(["a", "b", "c"], in: folder) == first)
    }

    @Test func portsAreNoneThatOutgoingConnectionsTake() throws {
        let range = try String(contentsOfFile: "/proc/sys/net/ipv4/ip_local_port_range", encoding: .utf8)
        let first = try #require(range.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) })
        for _ in 0..<50 { #expect(try LoopbackPort.free(besides: []) < first) }
    }

    @Test func secretsAreForTheirOwnerAlone() throws {
        let scratch = try ScratchFolder()
        let folder = DataFolder(path: scratch.path)
        try folder.make("inner")
        try folder.write("secret".utf8, to: folder.credentials)
        try folder.write("secret 2".utf8, to: folder.credentials)
        let manager = FileManager.default
        let mode = try manager.attributesOfItem(atPath: folder.credentials)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try manager.attributesOfItem(atPath: folder.path("inner"))[.posixPermissions] as? Int == 0o700)
        #expect(try String(contentsOfFile: folder.credentials, encoding: .utf8) == "secret 2")
    }

    @Test func aFullLogMovesAside() throws {
        let scratch = try ScratchFolder()
        let path = scratch.url.appending(path: "x.log").path(percentEncoded: false)
        let log = try LogFile(path: path, limit: 100)
        let handle = FileHandle(fileDescriptor: log.descriptor)
        try handle.write(contentsOf: Data(String(repeating: "first line\n", count: 10).utf8))
        log.rotateIfFull()
        try handle.write(contentsOf: Data("second\n".utf8))
        log.rotateIfFull()
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "second\n")
        #expect(try String(contentsOfFile: path + ".1", encoding: .utf8).count == 110)
        #expect(LogFile.lastLines(ofFile: path + ".1", count: 2) == ["first line", "first line"])
    }

    @Test func programsAreFoundInOrder() throws {
        let scratch = try ScratchFolder()
        for folder in ["bin", "beside", "path"] {
            let file = try scratch.write("#!/bin/sh\n", to: "\(folder)/elves-x")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
        }
        let own = "\(scratch.path)/beside/elves"
        let path = ["PATH": "/nowhere:\(scratch.path)/path"]
        let named = path.merging(["ELVES_BIN": "\(scratch.path)/bin"]) { first, _ in first }
        #expect(try ProgramFinder(own: own, environment: named).find("elves-x").hasSuffix("/bin/elves-x"))
        #expect(try ProgramFinder(own: own, environment: path).find("elves-x").hasSuffix("/beside/elves-x"))
        #expect(try ProgramFinder(own: "/none/elves", environment: path).find("elves-x").hasSuffix("/path/elves-x"))
        let failure = #expect(throws: Failure.self) { try ProgramFinder(own: own, environment: path).find("elves-y") }
        #expect(failure?.code == "cli.up.program")
    }
}
