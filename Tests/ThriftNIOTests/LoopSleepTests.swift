import NIOCore
import NIOPosix
import Testing

@testable import ThriftNIO

/// Waits that an event loop ends.
@Suite struct LoopSleepTests {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private var executor: EventLoopExecutor { LoopExecutors(group).executor(of: group.next()) }

    @Test func endsWhenItsTimeHasCome() async throws {
        let start = ContinuousClock.now
        await executor.sleep(for: .milliseconds(30))
        #expect(ContinuousClock.now - start >= .milliseconds(29))
        await executor.sleep(for: .zero)
        await executor.sleep(for: .seconds(-1))
        try await group.shutdownGracefully()
    }

    @Test func endsWhenItsTaskIsCancelled() async throws {
        let executor = executor
        let start = ContinuousClock.now
        for pause in [0, 1, 20] {
            let task = Task { await executor.sleep(for: .seconds(600)) }
            try await Task.sleep(for: .milliseconds(pause))
            task.cancel()
            await task.value
        }
        #expect(ContinuousClock.now - start < .seconds(300))
        try await group.shutdownGracefully()
    }
}
