import AppPackage
import ElvesContracts
import ElvesCore
import Foundation
import Testing

@Suite struct ManifestReaderTests {
    private let full = """
        name: disk-tools
        version: 2.1.0-rc.1+build.5
        summary: Looks after disks
        owner: storage@example.org
        protocol: json
        entry: [python3, worker.py]
        limits: {running: 4, waiting: 20}
        exclusive: storage
        functions:
          - name: usage
            summary: How full a disk is
            timeout: 1m30s
            idempotent: true
            param:
              type: object
              properties:
                path: {type: string, pattern: "^/"}
                mode: {enum: [on, off, 1, 1.5, null, true, "true"]}
              required: [path]
              additionalProperties: false
          - name: clean
            timeout: 20
            exclusive: disk-0.sda_1
        """

    @Test func everyKeyIsRead() throws {
        let reading = ManifestReader.read(full)
        #expect(reading.problems.isEmpty)
        let manifest = try #require(reading.manifest)
        #expect(manifest.name == "disk-tools" && manifest.version == "2.1.0-rc.1+build.5")
        #expect(manifest.summary == "Looks after disks" && manifest.owner == "storage@example.org")
        #expect(manifest.workerProtocol == .json && manifest.entry == ["python3", "worker.py"])
        #expect(manifest.functions.map(\.name) == ["usage", "clean"])
        #expect(manifest.functions.map(\.timeoutMs) == [90_000, 20_000])
        #expect(manifest.functions.map(\.idempotent) == [true, false])
        let schema = try JSONValue(parsing: manifest.functions[0].paramSchema)
        #expect(
            schema["properties"]?["mode"]?["enum"] == ["on", "off", 1, .double(1.5), nil, true, "true"])
        #expect(schema["additionalProperties"] == false)
        #expect(manifest.functions[1].paramSchema.isEmpty)
        #expect(manifest.maxRunning == 4 && manifest.maxWaiting == 20 && manifest.exclusive == "storage")
        #expect(manifest.functions.map(\.exclusive) == [nil, "disk-0.sda_1"])
    }

    @Test func limitsAndLocksReachTheAgent() throws {
        let manifest = try #require(ManifestReader.read(full).manifest)
        let wire = ElvesContracts.AppManifest(manifest)
        #expect(wire.maxRunning == 4 && wire.maxWaiting == 20 && wire.exclusive == "storage")
        #expect(wire.functions.map(\.exclusive) == [nil, "disk-0.sda_1"])
    }

    @Test(arguments: [
        ("limits: 3", "limits is not a mapping; write: limits: {running: 3}"),
        ("limits: {runing: 3}", #"unknown key "runing" in limits; did you mean "running"?"#),
        ("limits: {running: 0}", #""0" is not a number of tasks; write a number from 1 to 10000"#),
        ("limits: {running: [1]}", "running is not a single value; write one word or text in quotes"),
        ("limits: {running: 1.5}", #""1.5" is not a number of tasks; write a number from 1 to 10000"#),
        ("limits: {waiting: -1}", #""-1" is not a number of tasks; write a number from 0 to 10000"#),
        ("limits: {waiting: 10001}", #""10001" is not a number of tasks; write a number from 0 to 10000"#),
        ("limits: {running: 2, waiting: all}", #""all" is not a number of tasks; write a number from 0 to 10000"#),
        ("limits: {wating: 3}", #"unknown key "wating" in limits; did you mean "waiting"?"#),
        ("exclusiv: a", #"unknown key "exclusiv" in app.yaml; did you mean "exclusive"?"#),
        (
            "exclusive: true",
            "exclusive is the name of a lock, not true; write a name, as in exclusive: package-manager, or leave it out"
        ),
        (
            "exclusive: a b",
            ##""a b" cannot be a lock's name; use 1 to 64 letters, digits, _, - and ., no - or . first"##
        ),
    ])
    func badLimitsAreToldWithTheirLine(line: String, problem: String) {
        let reading = ManifestReader.read("name: a\nversion: 1.0.0\nprotocol: elves2\n\(line)\n")
        #expect(reading.problems.map(\.description) == ["app.yaml:4: \(problem)"])
    }

    @Test func eitherLimitMayBeLeftOut() {
        func read(_ limits: String) -> AppPackage.AppManifest? {
            ManifestReader.read("name: a\nversion: 1.0.0\nprotocol: elves2\nlimits: \(limits)\n").manifest
        }
        let waiting = read("{waiting: 0}")
        #expect(waiting?.maxRunning == nil && waiting?.maxWaiting == 0)
        let running = read("{running: 1}")
        #expect(running?.maxRunning == 1 && running?.maxWaiting == nil)
        #expect(read("{}") != nil)
    }

    @Test func aManifestThatWasStoredBeforeThereWereLimitsIsRead() throws {
        let manifest = try #require(ManifestReader.read(full).manifest)
        let text = String(decoding: try JSONEncoder().encode(manifest), as: UTF8.self)
        var object = try #require(JSONValue(parsing: text).object)
        object["exclusive"] = nil
        object["maxRunning"] = nil
        object["maxWaiting"] = nil
        let old = Data(JSONValue.object(object).text().utf8)
        let read = try JSONDecoder().decode(AppPackage.AppManifest.self, from: old)
        #expect(read.name == "disk-tools" && read.exclusive == nil && read.maxRunning == nil)
        #expect(read.maxWaiting == nil)
    }

    @Test func allProblemsAreToldAtOnceWithTheirLines() {
        let reading = ManifestReader.read(
            """
            name: disk tools
            verison: 1.0.0
            protocol: jsn
            entry: worker.sh
            functions:
              - name: usage
                timeout: 5 parsecs
                idempotent: maybe
                param: {type: strin, minLenght: 3}
              - name: usage
              - summary: nameless
            """)
        #expect(reading.manifest == nil)
        #expect(
            reading.problems.map(\.description) == [
                #"app.yaml:1: "disk tools" cannot be an app's name; use 1 to 64 letters, digits, - and _, a letter or digit first"#,
                "app.yaml:1: version is missing; add: version: 1.0.0",
                #"app.yaml:2: unknown key "verison" in app.yaml; did you mean "version"?"#,
                #"app.yaml:3: unknown protocol "jsn"; use json or elves2"#,
                "app.yaml:4: entry is not a list; write: entry: [worker.sh]",
                #"app.yaml:7: "5 parsecs" is not a timeout; write a time as in 30s, 5m or 1h30m, or seconds; more than 0, at most 7 days"#,
                "app.yaml:8: idempotent is neither true nor false; write: idempotent: true",
                #"app.yaml:9: "strin" is not a type; did you mean "string"?"#,
                #"app.yaml:9: the schema keyword "minLenght" is not supported; did you mean "minLength"?"#,
                #"app.yaml:10: the function "usage" is there twice; rename one of them"#,
                "app.yaml:11: a function has no name; add: name: greet",
            ])
    }

    @Test func anElves2AppNeedsNeitherEntryNorFunctions() {
        let reading = ManifestReader.read("name: a\nversion: 1.0.0\nprotocol: elves2\n")
        #expect(reading.manifest == AppPackage.AppManifest(name: "a", version: "1.0.0", workerProtocol: .elves2))
    }

    @Test(arguments: [
        ("", 1), ("- a\n- b", 1), ("name: a\nversion: [", 2), ("name: a\n\tversion: 1", 2), ("a: 1\na: 2", 1),
        ("name: a\nversion: 1.0.0\n---\nname: b", 3),
    ])
    func brokenYAMLNamesItsLine(_ text: String, _ line: Int) {
        let reading = ManifestReader.read(text)
        #expect(reading.manifest == nil)
        #expect(abs((reading.problems.first?.line ?? -9) - line) <= 1, "\(reading.problems)")
    }

    @Test func anchorsAreRefusedAndBillionsOfLaughsCostNothing() {
        let anchor = ManifestReader.read("name: &n a\nversion: 1.0.0\nprotocol: elves2\nsummary: *n")
        #expect(anchor.problems.map(\.message).contains("anchors are not supported"))
        var text = "a0: &a0 [x,x]\n"
        for level in 1...40 { text += "a\(level): &a\(level) [*a\(level - 1),*a\(level - 1)]\n" }
        #expect(ManifestReader.read(text).manifest == nil)
    }

    @Test(arguments: ["1.0", "1", "v1.0.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0+", "1.0.0 ", "1.0.x", ""])
    func onlySemanticVersionsPass(_ version: String) {
        let reading = ManifestReader.read("name: a\nversion: \"\(version)\"\nprotocol: elves2")
        #expect(reading.problems.map(\.code) == [.packageVersion])
    }

    @Test func deepNestingIsNoTrouble() {
        for bracket in ["[", "{a: "] {
            let text = "functions: " + String(repeating: bracket, count: 20_000)
            #expect(ManifestReader.read(text).manifest == nil)
        }
        let deep = String(repeating: "{items: ", count: 200) + "{}" + String(repeating: "}", count: 200)
        let reading = ManifestReader.read(
            "name: a\nversion: 1.0.0\nentry: [x]\nfunctions: [{name: f, param: \(deep)}]")
        #expect(reading.problems.contains { $0.message.contains("nested more than") })
    }

    @Test func garbageNeverCrashes() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        let source = Array(full.utf8)
        let spice = Array("{}[]:-,#&*!|>'\"%@`\n\t ~\\\0\u{7f}".utf8) + [0xFF, 0xC3]
        for _ in 0..<3_000 {
            var bytes = source
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[place] = spice[Int.random(in: spice.indices, using: &random)]
                case 1: bytes.remove(at: place)
                default: bytes.insert(spice[Int.random(in: spice.indices, using: &random)], at: place)
                }
            }
            let reading = ManifestReader.read(bytes)
            #expect((reading.manifest == nil) == !reading.problems.isEmpty, "seed \(seed)")
        }
    }
}
