import Dispatch
import Testing

@testable import Runner

/// Runs a task's jobs on a queue of its own, as a connection runs those of its calls on its loop.
private final class Elsewhere: TaskExecutor {
    private let queue = DispatchQueue(label: "elsewhere")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

@Suite struct WorkerHostTests {
    @Test func tellsExitCodeAndSignalApart() async throws {
        try await withHost { host async throws in
            #expect(try await host.run(.shell("exit 7")).status == .exited(7))
            #expect(try await host.run(.shell("kill -9 $$")).status == .signaled(9))
            #expect(try await host.run(.shell("exit 137")).status == .exited(137))
        }
    }

    @Test func keepsOutputErrorsAndResultApart() async throws {
        try await withHost { host async throws in
            var order = WorkerOrder.shell("printf out; printf err >&2; printf '{}' >&3")
            order.resultLimit = 100
            let end = try await host.run(order)
            #expect(end.output.text == "out")
            #expect(end.errors.text == "err")
            #expect(end.result == Array("{}".utf8))
        }
    }

    @Test func saysWhyAWorkerDidNotStart() async throws {
        try await withHost { host async throws in
            var order = WorkerOrder.shell("")
            order.command = ["/no/such/program"]
            guard case .notStarted(let missing) = try await host.run(order).status else {
                Issue.record("a missing program started")
                return
            }
            #expect(missing.contains("/no/such/program") && missing.contains("No such file"))
            order = .shell("true")
            order.workingFolder = "/no/such/folder"
            guard case .notStarted(let folder) = try await host.run(order).status else {
                Issue.record("a worker started in no folder")
                return
            }
            #expect(folder.contains("working folder /no/such/folder"))
        }
    }

    @Test func aWorkerSeesOnlyItsOwnDescriptors() async throws {
        try await withHost { host async throws in
            var order = WorkerOrder.shell("ls /proc/self/fd")
            order.command = ["/bin/ls", "/proc/self/fd"]
            // 3 is ls's own descriptor of the folder.
            #expect(try await host.run(order).output.text == "0\n1\n2\n3\n")
            order.key = freshKey()
            order.resultLimit = 10
            #expect(try await host.run(order).output.text == "0\n1\n2\n3\n4\n")
        }
    }

    @Test func aWorkerStartsClean() async throws {
        try await withHost { host async throws in
            let order = WorkerOrder.shell("umask; env; grep -E 'Sig(Blk|Ign)' /proc/self/status")
            let lines = try await host.run(order).output.text.split(separator: "\n").map(String.init)
            #expect(lines.contains("0022"))
            #expect(lines.contains("ELVES_TASK=\(order.key.marker)"))
            #expect(lines.contains("SigBlk:\t0000000000000000"))
            #expect(lines.contains("SigIgn:\t0000000000000000"))
            #expect(!lines.contains { $0.hasPrefix("HOME=") })
        }
    }

    @Test func feedsInputWithoutDeadlock() async throws {
        try await withHost { host async throws in
            var order = WorkerOrder.shell("cat")
            order.input = [UInt8](repeating: 0x61, count: 1 << 20)
            let end = try await host.run(order)
            #expect(end.output.head.count == 1 << 20 && end.output.dropped == 0)
        }
    }

    @Test func inputThatNobodyReadsDoesNotHold() async throws {
        try await withHost { host async throws in
            var order = WorkerOrder.shell("exit 3")
            order.input = [UInt8](repeating: 0x61, count: 1 << 20)
            #expect(try await host.run(order).status == .exited(3))
        }
    }

    @Test func aGigabyteOfOutputStaysSmall() async throws {
        try await withHost { host async throws in
            var order = WorkerOrder.shell("printf first; head -c 1073741824 /dev/zero; printf last")
            order.outputLimit = 4096
            let end = try await host.run(order)
            #expect(end.status == .exited(0))
            #expect(end.output.text.hasPrefix("first"))
            #expect(end.output.tail.suffix(4) == Array("last".utf8)[...])
            #expect(end.output.dropped == (1 << 30) + 9 - 4096)
        }
    }

    @Test func aFloodOfResultIsRefusedNotBlocked() async throws {
        try await withHost { host async throws in
            var order = WorkerOrder.shell("head -c 50000000 /dev/zero >&3")
            order.resultLimit = 1 << 20
            let end = try await host.run(order)
            #expect(end.status == .exited(0) && end.resultTooLong && end.result.isEmpty)
        }
    }

    @Test func twoHundredAtOnce() async throws {
        try await withHost { host async throws in
            let codes = try await withThrowingTaskGroup(of: WorkerStatus.self) { group in
                for number in 0..<200 {
                    group.addTask { try await host.run(.shell("sleep 0.2; exit \(number % 50)")).status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.count == 200)
            for code in 0..<50 {
                #expect(codes.filter { $0 == .exited(Int32(code)) }.count == 4)
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func noEndIsMissedByATaskWithAnExecutorOfItsOwn() async throws {
        try await withHost { host async throws in
            // Their ends come about when they are asked for.
            let ends = try await withThrowingTaskGroup(of: WorkerStatus.self) { group in
                for _ in 0..<8 {
                    group.addTask(executorPreference: Elsewhere()) {
                        for _ in 0..<50 {
                            let order = WorkerOrder(key: freshKey(), command: ["/bin/true"])
                            guard try await host.run(order).status == .exited(0) else { return .stuck }
                        }
                        return .exited(0)
                    }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(ends == [.exited(0)])
        }
    }

    @Test func anAttemptStartsOnce() async throws {
        try await withHost { host async throws in
            let order = WorkerOrder.shell("true")
            _ = try await host.run(order)
            await #expect(throws: HostRefusal.alreadyStarted(order.key)) { try await host.run(order) }
        }
    }

    @Test func anEndThatNobodyAwaitedIsKept() async throws {
        try await withHost { host async throws in
            let order = WorkerOrder.shell("sleep 0.3; exit 5")
            let waiting = Task { try await host.run(order) }
            #expect(try await eventually { await host.running().contains { $0.key == order.key } })
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            #expect(
                try await eventually { await host.running() == [RunningWorker(key: order.key, pid: 0, age: .zero)] })
            #expect(try await host.end(of: order.key).status == .exited(5))
            #expect(await host.running().isEmpty)
            await #expect(throws: HostRefusal.unknownAttempt(AttemptKey(taskId: 1))) {
                try await host.end(of: AttemptKey(taskId: 1))
            }
        }
    }

    @Test func worksWithoutPidfds() async throws {
        try await withHost(usesPidfds: false) { host async throws in
            #expect(try await host.run(.shell("sleep 0.05; exit 4")).status == .exited(4))
        }
    }
}
