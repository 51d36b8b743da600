internal import Agent
internal import Foundation
internal import NIOPosix
internal import ThriftNIO

/// A process full of emulated agents: `elves-bench fleet`.
struct FleetShard {
    let first: Int
    let count: Int
    let folder: String
    let center: CenterFolder

    /// Connects them all, prints `up`, and keeps them up until standard input ends.
    func run() async throws {
        let authority = try center.authority
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let executor = LoopExecutors(group).executor(of: group.next())
        let disk = JournalDisk()
        var agents: [EmulatedAgent] = []
        for number in first..<first + count {
            let seat = try FleetSeat(number: number, in: folder, center: center, authority: authority)
            agents.append(try EmulatedAgent(seat, group: group, executor: executor, disk: disk))
        }
        let fleet = agents
        await withThrowingTaskGroup(of: Void.self) { group in
            for (index, agent) in fleet.enumerated() {
                group.addTask(executorPreference: executor) {
                    // Spread, so that handshakes do not all queue at once.
                    try await Task.sleep(for: .milliseconds(index))
                    await agent.run()
                }
            }
            group.addTask {
                while !fleet.allSatisfy(\.isUp) { try await Task.sleep(for: .milliseconds(50)) }
                StandardInput.answer("up")
                await StandardInput.ended()
                throw CancellationError()
            }
            try? await group.waitForAll()
            group.cancelAll()
        }
    }
}
