internal import ElvesContracts
internal import Runner
internal import ServiceLifecycle
package import Thrift

/// Tells the scheduler which workers run, once they have run for a moment: most have ended by then.
package final class StartReports: Service {
    /// How long a worker has run before it is worth a word; also the least time from word to word.
    private static let moment = Duration.milliseconds(250)
    /// Between looks of an agent that is called all the time, and whose workers end before they are worth a word.
    private static let longMoment = Duration.seconds(1)
    private static let pageCount = 1000

    private let running: RunningAttempts
    private let scheduler: TaskReportServiceClient
    private let rest: Rest
    private let isConnected: @Sendable () -> Bool

    /// `isConnected`: whether there is someone to tell; what happens meanwhile is said to the next connection.
    package init(
        _ running: RunningAttempts, scheduler: any ThriftCaller, rest: @escaping Rest = Resting.byClock,
        isConnected: @escaping @Sendable () -> Bool
    ) {
        self.rest = rest
        self.running = running
        self.scheduler = TaskReportServiceClient(scheduler)
        self.isConnected = isConnected
    }

    /// There is a new connection to the scheduler: it may not know what runs.
    package func connected() { running.sayAgain() }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let (due, isMore) = self.running.takeUnsaid(since: .now - Self.moment)
                if !due.isEmpty { await self.tell(due) }
                let began = ContinuousClock.now
                if !isMore { await self.running.bell.wait() }
                let isBusy = due.isEmpty && !isMore && ContinuousClock.now - began < Self.longMoment
                await self.rest(isBusy ? Self.longMoment : Self.moment)
            }
        }
    }

    private func tell(_ keys: [AttemptKey]) async {
        guard isConnected() else { return }
        for start in stride(from: 0, to: keys.count, by: Self.pageCount) {
            try? await scheduler.started(attempts: keys[start...].prefix(Self.pageCount).map(\.ref))
        }
    }
}
