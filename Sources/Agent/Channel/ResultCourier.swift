internal import ElvesContracts
internal import ElvesCore
package import Logging
internal import Runner
internal import ServiceLifecycle
internal import Synchronization
package import Thrift

/// Tells the scheduler every result that the journal keeps, until it says that they are recorded: all of them on each
/// new connection, and those without word for a while again.
package final class ResultCourier: Service {
    /// Results of one call, and their bytes, about.
    private static let pageCount = 100
    private static let pageBytes = 1 << 20

    private let journal: AttemptJournal
    private let scheduler: TaskReportServiceClient
    private let patience: Duration
    private let logger: Logger
    private let bell = Bell()
    /// Whether there is a connection whose other end has not heard of all results.
    private let isNew = Mutex(false)

    /// - Parameter patience: how long a result is kept without word before it is told again.
    package init(
        _ journal: AttemptJournal, scheduler: any ThriftCaller, patience: Duration = .seconds(20), logger: Logger
    ) {
        self.journal = journal
        self.scheduler = TaskReportServiceClient(scheduler)
        self.patience = patience
        self.logger = logger
    }

    /// There is a new connection to the scheduler.
    package func connected() {
        isNew.withLock { $0 = true }
        bell.ring()
    }

    /// A result is due.
    package func hurry() { bell.ring() }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.deliver()
                await self.bell.wait(atMost: self.patience / 4)
            }
        }
        journal.flush()
    }

    /// Tells what is due; what cannot be told stays due.
    private func deliver() async {
        journal.flush()
        let all = isNew.withLock { isNew in
            defer { isNew = false }
            return isNew
        }
        var keys = journal.due(all: all, patience: patience)
        while !keys.isEmpty, !Task.isCancelled {
            let page = await journal.page(of: keys, count: Self.pageCount, bytes: Self.pageBytes)
            if !page.results.isEmpty, await !tell(page.results) {
                // The next connection begins anew; a scheduler that does not answer is asked again later.
                journal.said(keys, isHeard: false)
                return
            }
            journal.said(keys.prefix(page.keys))
            keys.removeFirst(page.keys)
        }
    }

    /// Whether the scheduler answered. A page that it refuses is told result by result, so that one that it cannot
    /// take holds up no other.
    private func tell(_ results: [TaskResult]) async -> Bool {
        do {
            journal.record(try await scheduler.report(results: results))
            return true
        } catch {
            let isRefusal = error is Fault || (error as? ThriftError)?.code == .tooLarge
            guard isRefusal else {
                logger.debug("no word on results", metadata: ["error": "\(error)"])
                return false
            }
            guard results.count == 1 else {
                for result in results where await !tell([result]) { return false }
                return true
            }
            logger.warning(
                "the scheduler refuses a result",
                metadata: [
                    "task": "\(Hex.encode(UInt64(bitPattern: results[0].taskId)))", "error": "\(error)",
                ])
            return true
        }
    }
}
