import Glibc
import Testing

@testable import Runner

/// Reads a copy as its reader does: frames of stream, length and bytes.
func readCopy(_ path: String) -> [(stream: UInt8, bytes: [UInt8])]? {
    guard var rest = ProcFile.read(path, limit: 64 << 20)?[...] else { return nil }
    var frames: [(stream: UInt8, bytes: [UInt8])] = []
    while rest.count >= CopyFile.frameHead, let stream = rest.popFirst() {
        let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard rest.count >= 4 + length else { return nil }
        frames.append((stream, Array(rest.dropFirst(4).prefix(length))))
        rest = rest.dropFirst(4 + length)
    }
    return rest.isEmpty ? frames : nil
}

@Suite struct CopyPlanTests {
    @Test func nothingIsCopiedOfWhatIsShort() {
        var plan = CopyPlan(limit: 1000, kept: 10)
        #expect(!plan.mustBegin(before: 10, of: .output))
        plan.took(10, of: .output)
        #expect(!plan.mustBegin(before: 10, of: .errors) && plan.mustBegin(before: 1, of: .output))
    }

    @Test func whatCameBeforeComesInOrder() {
        var plan = CopyPlan(limit: 1000, kept: 100)
        for (stream, count) in [(CopyPlan.Stream.output, 3), (.output, 4), (.errors, 2), (.output, 1)] {
            plan.took(count, of: stream)
        }
        #expect(
            plan.begin() == [
                .init(stream: .output, count: 7), .init(stream: .errors, count: 2), .init(stream: .output, count: 1),
            ])
        #expect(plan.isCopying && plan.begin().isEmpty && !plan.mustBegin(before: 1000, of: .output))
    }

    @Test func manyChangesBeginIt() {
        var plan = CopyPlan(limit: 1000, kept: 10_000)
        for index in 0..<CopyPlan.runLimit { plan.took(1, of: index % 2 == 0 ? .output : .errors) }
        #expect(plan.mustBegin(before: 1, of: .output) && !plan.mustBegin(before: 1, of: .errors))
    }

    @Test func theLimitCutsInTheMiddle() {
        var plan = CopyPlan(limit: 10, kept: 1)
        _ = plan.begin()
        #expect(plan.give(7) == 7 && plan.give(7) == 3 && plan.give(7) == 0 && plan.given == 10)
    }
}

@Suite struct OutputCopyTests {
    private func run(
        _ script: String, kept: Int = 4096, limit: Int64 = 8 << 20, after: Duration? = nil,
        whileItRuns: (WorkerHost, WorkerOrder) async throws -> Void = { _, _ in }
    ) async throws -> (WorkerEnd, frames: [(stream: UInt8, bytes: [UInt8])]?, mode: mode_t) {
        let folder = try Folder()
        let path = folder.path + "/copy.out"
        return try await withHost { host async throws in
            var order = WorkerOrder.shell(script)
            order.outputLimit = kept
            order.copy = OutputCopyOrder(path: path, limit: limit, after: after)
            let ordered = order
            async let running = host.run(ordered)
            try await whileItRuns(host, order)
            let end = try await running
            var status = stat()
            let mode = stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
            return (end, readCopy(path), mode)
        }
    }

    private func text(_ frames: [(stream: UInt8, bytes: [UInt8])]?, _ stream: UInt8) -> String {
        String(decoding: (frames ?? []).filter { $0.stream == stream }.flatMap(\.bytes), as: UTF8.self)
    }

    @Test func shortOutputOfAShortWorkerIsNotCopied() async throws {
        let (end, frames, _) = try await run("echo hello; echo there >&2", after: .seconds(30))
        #expect(end.copiedBytes == nil && frames == nil)
        #expect(end.outputBytes == 6 && end.errorBytes == 6)
    }

    @Test func longOutputIsCopiedFromItsFirstByte() async throws {
        let (end, frames, mode) = try await run("echo first; echo second >&2; seq 1 5000")
        let numbers = (1...5000).map { "\($0)\n" }.joined()
        #expect(text(frames, 1) == "first\n" + numbers && text(frames, 2) == "second\n")
        #expect(frames?.first?.stream == 1 && text(frames.map { [$0[0]] }, 1).hasPrefix("first"))
        #expect(end.outputBytes == Int64(6 + numbers.utf8.count) && end.errorBytes == 7)
        #expect(end.copiedBytes == end.outputBytes + end.errorBytes)
        #expect(mode == 0o600)
        #expect(end.output.dropped == end.outputBytes - 4096)
    }

    @Test func aWorkerThatRunsForAWhileIsCopied() async throws {
        let (end, frames, _) = try await run(
            "echo early; echo err >&2; sleep 1; echo late", after: .milliseconds(50))
        #expect(text(frames, 1) == "early\nlate\n" && text(frames, 2) == "err\n")
        #expect(end.copiedBytes == 15)
    }

    @Test func theCopyGrowsWhileTheWorkerRuns() async throws {
        let folder = try Folder()
        let path = folder.path + "/copy.out"
        try await withHost { host async throws in
            var order = WorkerOrder.shell("echo early; sleep 1000", timeout: nil, grace: .milliseconds(100))
            order.copy = OutputCopyOrder(path: path, after: .milliseconds(50))
            let ordered = order
            async let running = host.run(ordered)
            #expect(try await eventually { text(readCopy(path), 1) == "early\n" })
            await host.kill(taskId: order.key.taskId)
            // A shell may have a word to say about its end.
            let end = try await running
            #expect(end.outputBytes == 6 && end.copiedBytes == 6 + end.errorBytes)
        }
    }

    @Test func someoneMayAskForIt() async throws {
        let folder = try Folder()
        let path = folder.path + "/copy.out"
        try await withHost { host async throws in
            var order = WorkerOrder.shell("echo early; sleep 1000", timeout: nil, grace: .milliseconds(100))
            order.copy = OutputCopyOrder(path: path)
            let ordered = order
            async let running = host.run(ordered)
            #expect(
                try await eventually {
                    await host.copyOutput(taskId: order.key.taskId)
                    return text(readCopy(path), 1) == "early\n"
                })
            await host.kill(taskId: order.key.taskId)
            // A shell may have a word to say about its end.
            let end = try await running
            #expect(end.outputBytes == 6 && end.copiedBytes == 6 + end.errorBytes)
        }
    }

    @Test func aWorkerThatSaysNothingMakesNoFile() async throws {
        let (end, frames, _) = try await run("sleep 0.3", after: .milliseconds(10))
        #expect(end.copiedBytes == nil && frames == nil)
    }

    @Test func theCopyEndsAtItsLimitAndCountsGoOn() async throws {
        let (end, frames, _) = try await run("head -c 3000000 /dev/zero; head -c 10 /dev/zero >&2", limit: 1_000_001)
        #expect(end.copiedBytes == 1_000_001)
        #expect(frames?.reduce(0) { $0 + $1.bytes.count } == 1_000_001)
        #expect(end.outputBytes == 3_000_000 && end.errorBytes == 10 && end.status == .exited(0))
    }

    @Test func aFileThatCannotBeMadeHoldsNothingUp() async throws {
        try await withHost { host async throws in
            var order = WorkerOrder.shell("seq 1 100000")
            order.copy = OutputCopyOrder(path: "/no/such/folder/copy.out")
            let end = try await host.run(order)
            #expect(end.status == .exited(0) && end.copiedBytes == nil && end.outputBytes == 588_895)
        }
    }

    @Test func aLinkIsNotFollowed() async throws {
        let folder = try Folder()
        let path = folder.path + "/copy.out"
        symlink(folder.path + "/run/victim", path)
        try await withHost { host async throws in
            var order = WorkerOrder.shell("seq 1 100000")
            order.copy = OutputCopyOrder(path: path)
            #expect(try await host.run(order).copiedBytes == nil)
            #expect(access(folder.path + "/run/victim", F_OK) != 0)
        }
    }

    @Test func aFullQueueEndsACopyWithoutAHole() throws {
        let folder = try Folder()
        let writer = DiskWriter(limit: 100)
        let copy = OutputCopy(
            OutputCopyOrder(path: folder.path + "/copy.out"), kept: 0, startedAt: 0, writer: writer)
        let bytes = [UInt8](repeating: 7, count: 200)
        let nothing = KeptOutput(limit: 0)
        bytes.withUnsafeBytes { copy.take($0, of: .output, output: nothing, errors: nothing) }
        bytes.prefix(10).withUnsafeBytes { copy.take($0, of: .output, output: nothing, errors: nothing) }
        #expect(copy.endNow() == nil)
        #expect(ProcFile.read(folder.path + "/copy.out") == nil)
    }
}
