internal import ElvesCore
internal import Foundation
internal import Logging
internal import Scheduler

/// Bytes of workers' output that the scheduler's store takes a second, beside a thread that appends the same bytes to
/// plain files.
struct StoreOutputBench {
    let mebibytes: Int
    /// Where the segments go; the floor's files too.
    let folder: String

    private static let pieceBytes = 64 << 10
    private static let fileBytes = 64 << 20

    func run() async throws -> [Figure] {
        let own = "\(folder)/elves-store-output-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: own) }
        print("on: \(mebibytes) MiB in pieces of 64 KiB, to \(folder)")
        var figures: [Figure] = []
        for attempts in [1, 1_000] {
            try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
            let floor = try measureFloor(own + "/floor")
            let rate = try await measure(attempts, own + "/segments-\(attempts)")
            figures.append(
                Figure(
                    "store-output: \(attempts) attempt\(attempts == 1 ? "" : "s") at once", rate, "MB/s", beside: floor,
                    of: "MB/s one thread appends to plain files"))
            try FileManager.default.removeItem(atPath: own)
        }
        return figures
    }

    private var total: Int { mebibytes << 20 }

    private func measure(_ attempts: Int, _ folder: String) async throws -> Double {
        var options = OutputOptions()
        options.attemptBytes = Int64(total)
        let store = try OutputStore(
            folder: folder, options: options, logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
        let share = total / attempts
        let start = ContinuousClock.now
        try await withThrowingTaskGroup { group in
            for number in 1...attempts {
                group.addTask { try await Self.send(share, as: number, to: store) }
            }
            try await group.waitForAll()
        }
        return Self.rate(share * attempts, since: start)
    }

    /// One attempt's output, as its agent sends it: as many pieces under way as there is credit for, then the end.
    private static func send(_ bytes: Int, as number: Int, to store: OutputStore) async throws {
        guard let task = ElvesID(rawValue: Int64(number)), let agent = ElvesID(rawValue: 1) else { return }
        let name = AttemptName(task: task, number: 1)
        let content = [UInt8](repeating: UInt8(ascii: "x"), count: pieceBytes)
        try await withThrowingTaskGroup(of: OutputGrant.self) { group in
            var next = 0
            var credit = Int64(pieceBytes)
            var taken: Int64 = 0
            while taken < bytes {
                while next < bytes, Int64(next) - taken < credit {
                    let count = min(pieceBytes, bytes - next, Int(credit) - (next - Int(taken)))
                    let piece = OutputPiece(offset: Int64(next), bytes: Array(content.prefix(count)))
                    group.addImmediateTask { try await store.take(piece, of: name, from: agent) }
                    next += count
                }
                guard let grant = try await group.next(), grant.wanted > 0 else {
                    throw BenchFailure("a piece was not taken")
                }
                taken = max(taken, grant.wanted)
                credit = max(grant.credit, 1)
            }
        }
        _ = try await store.take(OutputPiece(offset: Int64(bytes), isLast: true), of: name, from: agent)
    }

    /// One thread, plain files as long as segments, each safe from a power loss at its end.
    private func measureFloor(_ folder: String) throws -> Double {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let piece = Data(repeating: UInt8(ascii: "x"), count: Self.pieceBytes)
        let start = ContinuousClock.now
        for number in 0..<max(1, total / Self.fileBytes) {
            let path = "\(folder)/\(number)"
            guard FileManager.default.createFile(atPath: path, contents: nil) else {
                throw BenchFailure("cannot create \(path)")
            }
            let file = try FileHandle(forWritingTo: URL(filePath: path))
            for _ in 0..<min(total, Self.fileBytes) / Self.pieceBytes { try file.write(contentsOf: piece) }
            try file.synchronize()
            try file.close()
        }
        return Self.rate(total, since: start)
    }

    private static func rate(_ bytes: Int, since start: ContinuousClock.Instant) -> Double {
        Double(bytes) / 1e6 / ((ContinuousClock.now - start) / .seconds(1))
    }
}
