internal import Agent
internal import ElvesCore
internal import Foundation
internal import Runner
internal import Synchronization

/// Workers whose output appears, all of it, when they are let go; then they end.
final class LoudWorkers: WorkerRunning {
    private let copy: Data
    private let bytes: Int
    private let gate = Mutex<[CheckedContinuation<Void, Never>]>([])

    /// `bytes`: what each of them writes to standard output.
    init(bytes: Int) {
        self.bytes = bytes
        let line = Array("2026-01-01T00:00:00Z a line of output as programs write them, no two alike\n".utf8)
        var copy = Data()
        var left = bytes
        while left > 0 {
            let frame = min(left, 32 << 10)
            copy.append(contentsOf: [1, 0, 0, UInt8(frame >> 8 & 0xFF), UInt8(frame & 0xFF)])
            copy.append(contentsOf: (0..<frame).lazy.map { line[$0 % line.count] })
            left -= frame
        }
        self.copy = copy
    }

    /// Workers whose output is ready.
    var waiting: Int { gate.withLock { $0.count } }

    func letGo() {
        let all = gate.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for worker in all { worker.resume() }
    }

    func run(_ order: WorkerOrder) async throws -> WorkerEnd {
        guard let path = order.copy?.path else { throw ElvesError(.elvesInternal, "no copy is asked for") }
        let beside = path + ".ready"
        try copy.write(to: URL(filePath: beside))
        await withCheckedContinuation { place in gate.withLock { $0.append(place) } }
        try FileManager.default.moveItem(atPath: beside, toPath: path)
        var end = WorkerEnd(key: order.key, status: .exited(0))
        end.outputBytes = Int64(bytes)
        end.copiedBytes = Int64(bytes)
        return end
    }

    func kill(taskId: Int64) async throws {}
    func adopt(_ key: AttemptKey) async -> WorkerEnd? { nil }
}
