package import AgentLinks
import ElvesCore
import Synchronization

/// A connected agent, and what it is still to be told.
package final class AgentChannel: AgentLink {
    /// Attempts whose results are recorded and of which the agent has not heard.
    private struct Untold {
        var attempts: [AttemptName] = []
        /// Whether a flush has passed since the agent was last told: it is not called all the time.
        var isOld = false
    }

    let link: any TaskLink
    private let untold = Mutex(Untold())
    /// How many they are, for those who only want to know whether there are any.
    private let untoldCount = Atomic<Int>(0)

    /// Attempts that one call names as recorded.
    static let toldAtOnce = 200

    /// Wraps a connection.
    package init(_ link: any TaskLink) {
        self.link = link
    }

    package var agent: AgentIdentity { link.agent }
    package var isOpen: Bool { link.isOpen }
    package func answers(within limit: Duration) async -> Bool { await link.answers(within: limit) }
    package func close(reason: String) { link.close(reason: reason) }

    /// Notes that the attempt's result is recorded: the next call to the agent says so, or the flush after the next.
    func note(recorded attempt: AttemptName) {
        untold.withLock { untold in
            untold.attempts.append(attempt)
            untoldCount.store(untold.attempts.count, ordering: .relaxed)
        }
    }

    /// Takes out what the agent is to be told now; the rest waits for the next call.
    func takeRecorded() -> [AttemptName] {
        guard untoldCount.load(ordering: .relaxed) > 0 else { return [] }
        return untold.withLock { untold in
            defer { untoldCount.store(untold.attempts.count, ordering: .relaxed) }
            untold.isOld = false
            guard untold.attempts.count > Self.toldAtOnce else {
                defer { untold.attempts = [] }
                return untold.attempts
            }
            defer { untold.attempts.removeFirst(Self.toldAtOnce) }
            return Array(untold.attempts.prefix(Self.toldAtOnce))
        }
    }

    /// Tells the agent all that it has not heard since the last time, unless a call has told it something meanwhile:
    /// who is called all the time needs no message more.
    func flushOldRecorded() {
        guard untoldCount.load(ordering: .relaxed) > 0 else { return }
        let isOld = untold.withLock { untold in
            defer { untold.isOld = true }
            return untold.isOld
        }
        if isOld { flushRecorded() }
    }

    /// Tells the agent all that it has not heard.
    func flushRecorded() {
        while case let attempts = takeRecorded(), !attempts.isEmpty { link.recorded(attempts) }
    }
}
