import ElvesContracts
import ElvesCore
import Glibc
import Runner
import Synchronization
import TestSupport
import Testing
import Thrift

@testable import Agent

@Suite struct OutputFeederTests {
    private let folder: Folder
    private let center = PlayedCenter()

    init() throws {
        folder = try Folder()
        try folder.agent.prepare()
    }

    private func expect(_ copy: PlayedCopy, _ note: Comment? = nil) {
        let arrived = center[copy.key]
        #expect(arrived.isDone, note)
        for stream in [OutputStream.stdout, .stderr] {
            #expect(arrived.bytes[stream] ?? [] == copy.written[stream], note)
        }
        #expect(arrived.longest <= 64 << 10, note)
    }

    @Test func sendsWhatComesWhileItComes() async throws {
        let feeder = OutputFeeder(folder, center: center.caller)
        var copy = try PlayedCopy(folder)
        try await feeder.running { () async throws in
            feeder.began(copy.key)
            try copy.write(.stdout, "one\n")
            #expect(try await eventually { center[copy.key].bytes[.stdout] == Array("one\n".utf8) })
            try copy.write(.stderr, "two\n")
            #expect(try await eventually { center[copy.key].bytes[.stderr] == Array("two\n".utf8) })
            #expect(!center[copy.key].isDone)
            feeder.ended(copy.key, wrote: copy.counts)
            #expect(try await eventually { center[copy.key].isDone })
        }
        expect(copy)
        #expect(center[copy.key].dropped.isEmpty)
        #expect(!Disk.exists(copy.path))
    }

    @Test func aCharacterThatIsNotWholeWaits() async throws {
        let feeder = OutputFeeder(folder, center: center.caller)
        var copy = try PlayedCopy(folder)
        let euro = Array("€".utf8)
        try await feeder.running { () async throws in
            feeder.began(copy.key)
            try copy.write(.stdout, Array("a".utf8) + euro[..<2])
            #expect(try await eventually { center[copy.key].bytes[.stdout] == [0x61] })
            try copy.write(.stderr, "x")
            #expect(try await eventually { center[copy.key].bytes[.stderr] == [0x78] })
            #expect(center[copy.key].bytes[.stdout] == [0x61])
            try copy.write(.stdout, [euro[2]])
            #expect(try await eventually { center[copy.key].bytes[.stdout] == [0x61] + euro })
            try copy.write(.stderr, [0xC3])
            feeder.ended(copy.key, wrote: copy.counts)
            #expect(try await eventually { center[copy.key].isDone })
        }
        expect(copy)
    }

    @Test func shortAndQuietTasksAreNoWork() async throws {
        let feeder = OutputFeeder(folder, center: center.caller)
        try await feeder.running { () async throws in
            for _ in 0..<1_000 {
                let key = AttemptKey(taskId: freshTask())
                feeder.began(key)
                feeder.ended(key, wrote: nil)
            }
        }
        #expect(center.state.withLock { $0.calls } == 0)
    }

    @Test func aTaskThatIsFollowedDoesNotWaitForItsTime() async throws {
        let feeder = OutputFeeder(folder, center: center.caller)
        var copy = try PlayedCopy(folder)
        try await feeder.running { () async throws in
            feeder.began(copy.key)
            feeder.follow(taskId: copy.key.taskId)
            try copy.write(.stdout, "now")
            #expect(try await eventually { center[copy.key].end == 3 })
        }
    }

    @Test func whatWasNotCopiedIsCounted() async throws {
        let feeder = OutputFeeder(folder, center: center.caller)
        var copy = try PlayedCopy(folder)
        try copy.write(.stdout, "0123456789")
        try copy.write(.stderr, "ab")
        try await feeder.running { () async throws in
            feeder.ended(copy.key, wrote: OutputCounts(stdout: 1_010, stderr: 7))
            #expect(try await eventually { center[copy.key].isDone })
        }
        #expect(center[copy.key].dropped == [.stdout: 1_000, .stderr: 5])
        expect(copy)
    }

    @Test func aFullCenterGetsNoMoreThanItTakesAndTheCount() async throws {
        let feeder = OutputFeeder(folder, center: center.caller)
        var copy = try PlayedCopy(folder)
        try copy.write(.stdout, [UInt8](repeating: 0x61, count: 300_000))
        try copy.write(.stderr, [UInt8](repeating: 0x62, count: 1_000))
        center.state.withLock { $0.quota = 100_001 }
        try await feeder.running { () async throws in
            feeder.ended(copy.key, wrote: copy.counts)
            #expect(try await eventually { center[copy.key].isDone })
        }
        #expect(center[copy.key].bytes[.stdout]?.count == 100_001)
        #expect(center[copy.key].dropped == [.stdout: 199_999, .stderr: 1_000])
        #expect(!Disk.exists(copy.path))
    }

    @Test func noMoreIsUnderWayThanThereIsCreditFor() async throws {
        let feeder = OutputFeeder(folder, center: center.caller)
        center.state.withLock { $0.credit = 100_000 }
        var copies: [PlayedCopy] = []
        for _ in 0..<30 {
            var copy = try PlayedCopy(folder)
            try copy.write(.stdout, [UInt8](repeating: 0x61, count: 400_000))
            copies.append(copy)
        }
        try await feeder.running { [copies] () async throws in
            for copy in copies { feeder.ended(copy.key, wrote: copy.counts) }
            #expect(try await eventually { copies.allSatisfy { center[$0.key].isDone } })
        }
        for copy in copies {
            expect(copy)
            #expect(center[copy.key].mostUnderWay <= 100_000)
        }
        #expect(center.state.withLock { $0.mostUnderWay } <= 1 << 20)
    }

    @Test func aSlowCenterHoldsUpNobodyAndTakesBoundedMemory() async throws {
        let feeder = OutputFeeder(folder, center: center.caller)
        center.outputGate.close()
        var loud = try PlayedCopy(folder)
        try loud.write(.stdout, [UInt8](repeating: 0x61, count: 4 << 20))
        var quiet: [PlayedCopy] = []
        for _ in 0..<10 {
            var copy = try PlayedCopy(folder)
            try copy.write(.stdout, "quiet")
            quiet.append(copy)
        }
        try await feeder.running { [loud, quiet] () async throws in
            feeder.ended(loud.key, wrote: loud.counts)
            for copy in quiet { feeder.ended(copy.key, wrote: copy.counts) }
            // Each has had its turn, though nothing is answered.
            #expect(try await eventually { center.state.withLock { $0.output.count } == 11 })
            #expect(center.state.withLock { $0.mostUnderWay } <= 1 << 20)
            center.outputGate.open()
            #expect(try await eventually { ([loud] + quiet).allSatisfy { center[$0.key].isDone } })
        }
        for copy in [loud] + quiet { expect(copy) }
    }

    @Test func whatIsRefusedIsGivenUp() async throws {
        let feeder = OutputFeeder(folder, center: center.caller)
        center.state.withLock { $0.refusal = Fault(code: "scheduler.task.unknown", message: "no", retryable: false) }
        var copy = try PlayedCopy(folder)
        try copy.write(.stdout, "x")
        try await feeder.running { () async throws in
            feeder.ended(copy.key, wrote: copy.counts)
            #expect(try await eventually { !Disk.exists(copy.path) })
        }
    }

    @Test func aTaskWhoseOutputIsInItsResultLeavesNothing() async throws {
        let feeder = OutputFeeder(folder, center: center.caller)
        var copy = try PlayedCopy(folder)
        try copy.write(.stdout, "x")
        try await feeder.running { () async throws in
            feeder.began(copy.key)
            feeder.follow(taskId: copy.key.taskId)
            #expect(try await eventually { center[copy.key].end == 1 })
            feeder.ended(copy.key, wrote: nil)
            #expect(try await eventually { !Disk.exists(copy.path) })
        }
    }

    @Test func whatComesBeforeItRunsIsNoLeftover() async throws {
        var old = try PlayedCopy(folder)
        try old.write(.stdout, "of an attempt that nobody knows")
        let feeder = OutputFeeder(folder, center: center.caller)
        var copy = try PlayedCopy(folder)
        try copy.write(.stdout, "early")
        feeder.began(copy.key)
        feeder.ended(copy.key, wrote: copy.counts)
        try await feeder.running { () async throws in
            #expect(try await eventually { center[copy.key].isDone })
        }
        expect(copy)
        #expect(!Disk.exists(old.path) && center[old.key].chunks == 0)
    }

    // MARK: Restarts

    @Test func aRestartGoesOnWhereTheCenterIs() async throws {
        let first = OutputFeeder(folder, center: ShakyCaller(center.caller, seed: 5))
        var ended = try PlayedCopy(folder)
        var open = try PlayedCopy(folder)
        var forgotten = try PlayedCopy(folder)
        let text = String(repeating: "aé€😀\n", count: 40_000)
        for stream in [OutputStream.stdout, .stderr] {
            try ended.write(stream, text)
            try open.write(stream, text)
            try forgotten.write(stream, text)
        }
        try folder.write("run/output/rubbish", "x")
        try await first.running { [ended, open] () async throws in
            first.began(open.key)
            first.follow(taskId: open.key.taskId)
            first.close(ended.key, wrote: ended.counts)
            first.ended(ended.key, wrote: ended.counts)
            #expect(try await eventually { center[ended.key].end > 0 && center[open.key].end > 0 })
        }
        try open.write(.stdout, "more")
        let second = OutputFeeder(folder, open: [open.key], center: center.caller)
        try await second.running { [open, ended] () async throws in
            #expect(try await eventually { center[ended.key].isDone && center[open.key].end == open.counts.total })
            #expect(!center[open.key].isDone)
            second.ended(open.key, wrote: open.counts)
            #expect(try await eventually { center[open.key].isDone })
        }
        expect(ended)
        expect(open)
        // Nobody knows how it ended, and nobody asks.
        #expect(!Disk.exists(forgotten.path) && center[forgotten.key].chunks == 0)
    }

    @Test func whatWasUnderWayWhenTheAgentStoppedIsSentByTheNext() async throws {
        var copy = try PlayedCopy(folder)
        try copy.write(.stdout, "one line\n")
        var desk = OutputDesk(CopyFolder(folder.agent))
        desk.ended(copy.key, wrote: copy.counts, at: .now)
        let sending = try #require(desk.sendings(at: .now).first)
        let outcome = await OutputDesk.Outcome(of: sending.chunk, to: TaskReportServiceClient(StoppingCaller()))
        desk.landed(sending, outcome, at: .now)
        #expect(desk.count == 1 && Disk.exists(copy.path))
    }

    @Test func aCenterThatLostItsTailGetsItAgain() async throws {
        let feeder = OutputFeeder(folder, center: center.caller)
        var copy = try PlayedCopy(folder)
        try await feeder.running { () async throws in
            feeder.began(copy.key)
            feeder.follow(taskId: copy.key.taskId)
            try copy.write(.stdout, "0123456789")
            #expect(try await eventually { center[copy.key].end == 10 })
            center.state.withLock {
                $0.output[copy.key]?.end = 4
                $0.output[copy.key]?.bytes[.stdout] = Array("0123".utf8)
            }
            try copy.write(.stdout, "abc")
            #expect(try await eventually { center[copy.key].end == 13 })
            feeder.ended(copy.key, wrote: copy.counts)
            #expect(try await eventually { center[copy.key].isDone })
        }
        expect(copy)
    }

    @Test func moreThanTheDiskIsToHoldGoesOldestFirst() async throws {
        let feeder = OutputFeeder(folder, center: center.caller, stored: 250_000)
        center.outputGate.close()
        var copies: [PlayedCopy] = []
        for _ in 0..<4 {
            var copy = try PlayedCopy(folder)
            try copy.write(.stdout, [UInt8](repeating: 0x61, count: 100_000))
            copies.append(copy)
        }
        try await feeder.running { [copies] () async throws in
            for copy in copies {
                feeder.ended(copy.key, wrote: copy.counts)
                #expect(try await eventually { center.state.withLock { $0.output[copy.key] != nil } })
            }
            #expect(try await eventually { copies.filter { Disk.exists($0.path) }.count == 2 })
            #expect(Disk.exists(copies[3].path))
            center.outputGate.open()
            #expect(try await eventually { copies.allSatisfy { center[$0.key].isDone } })
        }
        // What was not sent is told.
        for copy in copies {
            let arrived = center[copy.key]
            #expect(arrived.end + (arrived.dropped[.stdout] ?? 0) == 100_000)
        }
    }

    // MARK: Chance

    @Test(arguments: 1...12) func whatArrivesIsWhatWasWritten(seed: Int) async throws {
        var dice = Dice(UInt64(seed))
        let shaky = ShakyCaller(center.caller, seed: UInt64(seed) << 32)
        let letters = ["a", "é", "€", "😀", "\n", "line\n"]
        var copies = try (0..<5).map { _ in try PlayedCopy(folder) }
        center.state.withLock { $0.credit = [5_000, 70_000, 256 << 10][seed % 3] }
        var life = OutputFeeder(folder, center: shaky)
        var running = Task { [life] in try await life.run() }
        for copy in copies { life.began(copy.key) }
        for _ in 0..<60 {
            let index = dice.below(copies.count)
            let stream: OutputStream = dice.chance(70) ? .stdout : .stderr
            let size = dice.chance(10) ? 30_000 : 300
            var bytes = (0..<dice.below(size)).flatMap { _ in Array(letters[dice.below(6)].utf8) }
            if dice.chance(50) { bytes.removeLast(min(bytes.count, dice.below(3))) }
            try copies[index].write(stream, bytes)
            if dice.chance(3) {
                running.cancel()
                _ = try? await running.value
                life = OutputFeeder(folder, open: copies.map(\.key), center: shaky)
                running = Task { [life] in try await life.run() }
            }
            if dice.chance(20) { try await Task.sleep(for: .milliseconds(dice.below(60))) }
        }
        for copy in copies {
            life.close(copy.key, wrote: copy.counts)
            life.ended(copy.key, wrote: copy.counts)
        }
        #expect(try await eventually { copies.allSatisfy { center[$0.key].isDone } }, "seed \(seed)")
        running.cancel()
        _ = try? await running.value
        for copy in copies { expect(copy, "seed \(seed)") }
        #expect(center.state.withLock { $0.mostUnderWay } <= 2 << 20)
    }
}
