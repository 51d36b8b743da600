import ElvesContracts
import ElvesCore
import Glibc
import Runner
import Synchronization
import TestSupport
import Testing
import Thrift

@testable import Agent

/// Files that come with a call, and files that go back, with real workers and a played center.
@Suite struct FilesTests {
    private let center = PlayedCenter()

    private func bench(
        _ script: String, center caller: (any ThriftCaller)? = nil, folder: Folder? = nil
    ) async throws -> Bench {
        try await Bench(
            [Package(entry: ["sh", "worker.sh"], functions: ["f"], ["worker.sh": script])], folder: folder,
            center: caller ?? center.caller)
    }

    /// Puts a content at the center; answers with how a call names it.
    private func offer(_ name: String, _ bytes: [UInt8], mode: Int32? = nil) -> FileRef {
        let digest = SHA256.digest(of: bytes)
        center.state.withLock { $0.blobs[digest] = bytes }
        return FileRef(name: name, digest: digest, size: Int64(bytes.count), mode: mode)
    }

    private func random(_ count: Int, _ seed: UInt64 = 1) -> [UInt8] {
        var dice = Dice(seed)
        return dice.bytes(count)
    }

    @Test func layFilesBesideTheWorker() async throws {
        let big = random(1_000_000)
        let files = [
            offer("empty", []), offer("big.bin", big),
            offer("run.sh", Array("#!/bin/sh\necho ran\n".utf8), mode: 0o755),
        ]
        let bench = try await bench(
            """
            cd "$ELVES_FILES_DIR" && ls -l | awk 'NR > 1 {print $1, $5, $NF}' && sha256sum < big.bin && ./run.sh
            ls -ld "$ELVES_FILES_DIR" "$ELVES_OUTPUT_DIR" | cut -c1-10
            """)
        let result = try await bench.run("f", files: files)
        let lines = result.stdout.head.split(separator: "\n").map(String.init)
        #expect(
            lines == [
                "-rw-r--r-- 1000000 big.bin", "-rw-r--r-- 0 empty", "-rwxr-xr-x 19 run.sh",
                "\(Hex.encode(SHA256.digest(of: big)))  -", "ran", "drwx------", "drwx------",
            ], "\(result.message) \(result.stderr.head)")
        #expect(result.files == nil && result.code.isEmpty)
        #expect(Disk.names(in: bench.folder.path + "/run/files/0/in").isEmpty)
        await bench.stop()
    }

    @Test func theSameFileForManyTasksIsFetchedOnce() async throws {
        let file = offer("data", random(700_000))
        let bench = try await bench("sha256sum < $ELVES_FILES_DIR/data")
        let results = try await withThrowingTaskGroup(of: TaskResult.self) { group in
            for _ in 0..<10 { group.addTask { try await bench.run("f", files: [file]) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.allSatisfy { $0.stdout.head.hasPrefix(Hex.encode(file.digest)) })
        #expect(center.state.withLock { $0.fetches } == 3)
        await bench.stop()
    }

    @Test func aWorkerThatChangesItsFileChangesOnlyItsOwn() async throws {
        let file = offer("data", Array("good".utf8))
        let bench = try await bench("cat $ELVES_FILES_DIR/data; echo bad > $ELVES_FILES_DIR/data")
        for _ in 0..<2 { #expect(try await bench.run("f", files: [file]).stdout.head == "good") }
        await bench.stop()
    }

    @Test func aKeptContentThatWentBadIsFetchedAgain() async throws {
        let file = offer("data", Array("good".utf8))
        let bench = try await bench("cat $ELVES_FILES_DIR/data")
        #expect(try await bench.run("f", files: [file]).stdout.head == "good")
        try bench.folder.write("run/blobs/" + Hex.encode(file.digest), "evil")
        #expect(try await bench.run("f", files: [file]).stdout.head == "good")
        #expect(center.state.withLock { $0.fetches } == 2)
        await bench.stop()
    }

    @Test func whatDoesNotComeStartsNothing() async throws {
        let bench = try await bench("touch $ELVES_STATE_DIR/ran")
        let absent = FileRef(name: "a", digest: [UInt8](repeating: 1, count: 32), size: 4)
        let missing = try await bench.run("f", files: [absent])
        #expect(missing.state == .rejected && missing.code == "agent.files.missing")
        #expect(missing.message.contains("\"a\"") && missing.message.contains("no such file"), "\(missing.message)")
        var wrong = offer("b", Array("1234".utf8))
        wrong.size = 5
        #expect(try await bench.run("f", files: [wrong]).code == "agent.file.digest")
        let digest = SHA256.digest(of: Array("abcd".utf8))
        center.state.withLock { $0.blobs[digest] = Array("abcx".utf8) }
        let bad = try await bench.run("f", files: [FileRef(name: "c", digest: digest, size: 4)])
        #expect(bad.code == "agent.file.digest", "\(bad.message)")
        let path = try await bench.run("f", files: [offer("../x", [1])])
        #expect(path.code == "agent.files.missing" && path.message.contains("no /"))
        #expect(bench.folder.text("state/app/ran") == nil)
        await bench.stop()
    }

    @Test func aStartByThatPassesMeanwhileIsHeeded() async throws {
        let bench = try await bench("true", center: LateCaller())
        let result = try await bench.run("f", startByMs: 300, files: [offer("a", [1])])
        #expect(result.state == .expired && result.code == "agent.attempt.expired")
        await bench.stop()
    }

    @Test func aTaskThatIsKilledWhileItsFilesComeNeverStarts() async throws {
        center.fetchGate.close()
        let file = offer("a", random(1_500_000))
        let bench = try await bench("touch $ELVES_STATE_DIR/ran")
        let task = RunTask(taskId: freshTask(), attempt: 1, app: "app", func: "f", files: [file])
        async let running = bench.parts.tasks.run(task)
        #expect(try await eventually { center.state.withLock { $0.openFetches } == 4 })
        try await bench.parts.tasks.kill(taskId: task.taskId)
        let result = try await running
        #expect(result.state == .cancelled && result.code == "scheduler.task.cancelled", "\(result.message)")
        #expect(bench.parts.journal.standing(task.taskId) == .never)
        #expect(try await eventually { center.state.withLock { $0.openFetches } == 0 }, "the fetch goes on")
        #expect(try await eventually { Disk.names(in: bench.folder.path + "/run/blobs").isEmpty })
        #expect(center.state.withLock { $0.fetches } == 4 && bench.folder.text("state/app/ran") == nil)
        center.fetchGate.open()
        #expect(try await bench.run("f", files: [file]).state == .succeeded)
        await bench.stop()
    }

    @Test func aFetchGoesOnForThoseWhoStillWait() async throws {
        center.fetchGate.close()
        let folder = try Folder()
        for name in ["/first", "/second"] { try Disk.makeFolders(folder.path + name) }
        let shelf = BlobShelf(
            folder: folder.path + "/blobs", limit: 1 << 20, thread: FileThread(), line: FileLine(center.caller))
        let file = offer("data", Array("good".utf8))
        let (first, second) = (AttemptKey(taskId: freshTask()), AttemptKey(taskId: freshTask()))
        let deadline = ContinuousClock.now + .seconds(60)
        let leaving = Task { try await shelf.lay([file], in: folder.path + "/first", for: first, until: deadline) }
        #expect(try await eventually { await shelf.waitingCount == 1 })
        let staying = Task { try await shelf.lay([file], in: folder.path + "/second", for: second, until: deadline) }
        #expect(try await eventually { await shelf.waitingCount == 2 })
        await shelf.withdraw(taskId: first.taskId)
        let error = await #expect(throws: ElvesError.self) { try await leaving.value }
        #expect(error?.code == .schedulerTaskCancelled)
        #expect(await shelf.waitingCount == 1)
        center.fetchGate.open()
        try await staying.value
        #expect(folder.text("second/data") == "good" && folder.text("first/data") == nil)
        #expect(center.state.withLock { $0.fetches } == 1)
    }

    @Test func returnsFiles() async throws {
        let bench = try await bench(
            "cd $ELVES_OUTPUT_DIR && head -c 600000 /dev/zero > zeros && printf hi > hi && : > none && chmod 600 hi")
        let result = try await bench.run("f")
        let zeros = [UInt8](repeating: 0, count: 600_000)
        #expect(result.state == .succeeded && result.code.isEmpty, "\(result.message)")
        #expect(
            result.files == [
                FileRef(name: "hi", digest: SHA256.digest(of: Array("hi".utf8)), size: 2, mode: 0o600),
                FileRef(name: "none", digest: SHA256.digest(of: []), size: 0, mode: 0o644),
                FileRef(name: "zeros", digest: SHA256.digest(of: zeros), size: 600_000, mode: 0o644),
            ])
        #expect(center.state.withLock { $0.uploads } == ["hi": Array("hi".utf8), "none": [], "zeros": zeros])
        // The next task finds its folder empty.
        #expect(Disk.names(in: bench.folder.path + "/run/files/0").isEmpty)
        await bench.stop()
    }

    @Test func whatIsNoFileIsToldAndNeverFollowed() async throws {
        let bench = try await bench(
            """
            cd $ELVES_OUTPUT_DIR && ln -s /etc/passwd link && mkdir sub && mkfifo pipe && echo ok > file
            printf x > "$(printf 'new\\nline')"
            """)
        let result = try await bench.run("f")
        #expect(result.state == .succeeded && result.code == "agent.files.returned")
        for word in ["link", "sub", "pipe", "control"] { #expect(result.message.contains(word), "\(result.message)") }
        #expect(result.files?.map(\.name) == ["file"])
        #expect(center.state.withLock { $0.uploads.keys.sorted() } == ["file"])
        await bench.stop()
    }

    @Test(arguments: [
        ("for n in $(seq 33); do echo $n > $n; done; printf 7 >&3", "33 files"),
        ("truncate -s 65M big; printf 7 >&3", "68157440 bytes"),
    ]) func tooMuchIsNotTakenAndTheResultIsKept(script: String, word: String) async throws {
        let bench = try await bench("cd $ELVES_OUTPUT_DIR; " + script)
        let result = try await bench.run("f")
        #expect(result.code == "agent.files.returned" && result.message.contains(word), "\(result.message)")
        #expect(result.state == .succeeded && result.result == "7" && result.files == nil)
        #expect(center.state.withLock { $0.puts } == 0)
        await bench.stop()
    }

    @Test func aRefusalIsTheTasksCode() async throws {
        center.state.withLock { $0.refusal = Fault(code: "scheduler.blob.full", message: "no room", retryable: false) }
        let bench = try await bench("echo x > $ELVES_OUTPUT_DIR/x; exit 3")
        let result = try await bench.run("f")
        // Its own trouble first.
        #expect(result.code == "agent.worker.exit" && result.message.contains("no room [scheduler.blob.full]"))
        await bench.stop()
    }

    @Test(arguments: 1...6) func chanceLosesNothing(seed: Int) async throws {
        let bytes = random(1_500_000, UInt64(seed))
        let file = offer("data", bytes)
        center.state.withLock { $0.forgets = seed % 2 == 0 }
        let bench = try await bench(
            "cp $ELVES_FILES_DIR/data $ELVES_OUTPUT_DIR/back", center: ShakyCaller(center.caller, seed: UInt64(seed)))
        let result = try await bench.run("f", files: [file])
        #expect(result.state == .succeeded && result.code.isEmpty, "seed \(seed): \(result.message)")
        #expect(result.files?.first?.digest == file.digest, "seed \(seed)")
        #expect(center.state.withLock { $0.uploads["back"] } == bytes, "seed \(seed)")
        await bench.stop()
    }

    @Test func anAgentThatDiesWhileFilesTravelLosesNeitherEndNorFile() async throws {
        let folder = try Folder()
        try folder.agent.prepare()
        let key = AttemptKey(taskId: freshTask())
        var run = TaskRun(RunTask(taskId: key.taskId, attempt: 1, app: "app", func: "f"), at: .now, ms: 1)
        let folders = try TaskFolders(folder.agent)
        let files = FilesHook(folder.agent, folders: folders, center: center.caller)
        try await files.prepare(&run)
        let place = try #require(folders.place(of: key))
        try OpenFile(place.output + "/report", O_WRONLY | O_CREAT).write(Array("text".utf8))
        run.result.state = .succeeded
        run.result.result = "42"
        // The center cannot be reached, and the process ends in the middle of it.
        let lost = Task { [run] in
            var run = run
            await ReturnHook(folders, center: LateCaller()).settle(&run)
        }
        #expect(try await eventually { Disk.exists(place.result) })
        lost.cancel()
        await lost.value

        let next = try TaskFolders(folder.agent, open: [key])
        var adopted = TaskRun(RunTask(taskId: key.taskId, attempt: 1), at: .now, ms: 1)
        adopted.isAdopted = true
        adopted.fail(ElvesError(.agentRestarted, "nobody knows"))
        await ReturnHook(next, center: center.caller).settle(&adopted)
        #expect(adopted.result.state == .succeeded && adopted.result.result == "42")
        #expect(adopted.result.files?.map(\.name) == ["report"])
        #expect(center.state.withLock { $0.uploads } == ["report": Array("text".utf8)])
        await FilesHook(folder.agent, folders: next, center: center.caller).settle(&adopted)
        #expect(Disk.names(in: place.path).isEmpty && next.place(of: key) == nil)
    }

    @Test func patienceEnds() async throws {
        let folder = try Folder()
        try folder.agent.prepare()
        let folders = try TaskFolders(folder.agent)
        var run = TaskRun(RunTask(taskId: freshTask(), attempt: 1), at: .now, ms: 1)
        let place = try folders.take(run.key)
        try OpenFile(place.output + "/report", O_WRONLY | O_CREAT).write([1])
        run.result.state = .succeeded
        await ReturnHook(folders, center: LateCaller(), patience: .milliseconds(300)).settle(&run)
        #expect(run.result.state == .succeeded && run.result.code == "agent.files.returned" && run.result.files == nil)
        #expect(run.result.message.contains("not connected"), "\(run.result.message)")
    }
}
