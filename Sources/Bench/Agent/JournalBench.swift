internal import Agent
internal import ElvesContracts
internal import Foundation
internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import Runner
internal import ThriftNIO

/// Attempts a second of one agent's journal, each taken, ended and recorded, beside loops that only write and sync
/// as many bytes.
struct JournalBench {
    /// Of each measurement.
    let duration: Duration
    /// A folder on the disk that is measured.
    let parent: String

    private static let task: Int64 = 1 << 40

    func run() async throws -> [Figure] {
        print("off: scheduler, runner, workers; on: the journal with its files, its rewriting and group commit")
        let root = parent + "/elves-bench-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: root) }
        let sizes = try await sizes(root + "/sizes")
        var figures: [Figure] = []
        for writers in [1, 16, 64] {
            figures.append(try await figure(root, sizes, writers: writers, isDurable: false))
        }
        for writers in [1, 16, 64] {
            figures.append(try await figure(root, sizes, writers: writers, isDurable: true))
        }
        return figures
    }

    private func figure(
        _ root: String, _ sizes: (taken: Int, ended: Int), writers: Int, isDurable: Bool
    ) async throws -> Figure {
        let folder = "\(root)/\(writers)-\(isDurable)"
        // Half of the floor before and half after: what else the machine does hits both.
        let before = try await floor(folder + "-floor1", sizes, group: writers, isDurable: isDurable)
        let ours = try await rate(folder, writers: writers, isDurable: isDurable)
        let after = try await floor(folder + "-floor2", sizes, group: writers, isDurable: isDurable)
        let kind = isDurable ? "durable" : "not durable"
        return Figure(
            "\(kind), \(writers) writer\(writers == 1 ? "" : "s")", ours, "attempts/s", beside: (before + after) / 2,
            of: isDurable ? "groups of \(writers): write, fdatasync, write" : "two bare write(2)")
    }

    /// Bytes that an attempt takes at its begin and at its end.
    private func sizes(_ folder: String) async throws -> (taken: Int, ended: Int) {
        let journal = try open(folder)
        let start = try Self.size(folder)
        _ = try await journal.begin(Self.taken(1, isDurable: false))
        let middle = try Self.size(folder)
        journal.end(AttemptKey(taskId: Self.task + 1), Self.result(1), at: 1)
        let end = try Self.size(folder)
        return (middle - start, end - middle)
    }

    private func open(_ folder: String) throws -> AttemptJournal {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return try AttemptJournal(folder: folder)
    }

    private static func size(_ folder: String) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: folder).reduce(0) { sum, name in
            let facts = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)
            return sum + (facts[.size] as? Int ?? 0)
        }
    }

    private static func taken(_ number: Int64, isDurable: Bool) -> TakenAttempt {
        TakenAttempt(
            key: AttemptKey(taskId: task + number), app: "hello", function: "greet", version: "1.0.0",
            workerProtocol: WorkerProtocol.json.rawValue, at: 1_760_000_000_000, isDurable: isDurable)
    }

    private static func result(_ number: Int64) -> TaskResult {
        TaskResult(
            taskId: task + number, attempt: 1, state: .succeeded, flag: 1, result: "{\"text\":\"hello\"}", costMs: 3,
            exitCode: 0, version: "1.0.0",
            hops: [
                Hop(place: "agent", event: "starting", atMicros: 40),
                Hop(place: "worker", event: "ended", atMicros: 900),
            ])
    }

    /// Tasks on an event loop, as in the agent; each attempt brings the word that the one before is recorded.
    private func rate(_ folder: String, writers: Int, isDurable: Bool) async throws -> Double {
        let journal = try open(folder)
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let executor = LoopExecutors(loops).executor(of: loops.next())
        let start = ContinuousClock.now
        let deadline = start + duration
        let count = try await withThrowingTaskGroup(of: Int64.self) { group in
            for writer in 0..<Int64(writers) {
                group.addTask(executorPreference: executor) {
                    var done: Int64 = 0
                    var last: [AttemptRef] = []
                    while ContinuousClock.now < deadline {
                        let number = done * Int64(writers) + writer
                        journal.record(last)
                        guard try await journal.begin(Self.taken(number, isDurable: isDurable)) else {
                            throw BenchFailure("attempt \(number) was taken before")
                        }
                        let key = AttemptKey(taskId: Self.task + number)
                        journal.end(key, Self.result(number), at: 1_760_000_000_001)
                        last = [key.ref]
                        done += 1
                    }
                    return done
                }
            }
            return try await group.reduce(0, +)
        }
        let took = ContinuousClock.now - start
        try await loops.shutdownGracefully()
        return Double(count) / (took / .seconds(1))
    }

    /// A loop on a thread of its own: the begins of a group, one sync when they are durable, then their ends.
    private func floor(
        _ path: String, _ sizes: (taken: Int, ended: Int), group: Int, isDurable: Bool
    ) async throws -> Double {
        let (parent, duration) = (parent, duration)
        try FileManager.default.createDirectory(
            atPath: URL(filePath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
        let rate = await withCheckedContinuation { (done: CheckedContinuation<Double?, Never>) in
            Thread.detachNewThread {
                done.resume(
                    returning: Self.loop(path, sizes, group: group, isDurable: isDurable, duration: duration))
            }
        }
        guard let rate else { throw BenchFailure("cannot write in \(parent)") }
        return rate
    }

    private static func loop(
        _ path: String, _ sizes: (taken: Int, ended: Int), group: Int, isDurable: Bool, duration: Duration
    ) -> Double? {
        let file = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o600)
        guard file >= 0 else { return nil }
        defer {
            close(file)
            unlink(path)
        }
        let bytes = [UInt8](repeating: 7, count: max(sizes.taken, sizes.ended))
        let start = ContinuousClock.now
        var count = 0
        while ContinuousClock.now - start < duration {
            for _ in 0..<group where write(file, bytes, sizes.taken) != sizes.taken { return nil }
            if isDurable, fdatasync(file) != 0 { return nil }
            for _ in 0..<group where write(file, bytes, sizes.ended) != sizes.ended { return nil }
            count += group
        }
        return Double(count) / ((ContinuousClock.now - start) / .seconds(1))
    }
}
