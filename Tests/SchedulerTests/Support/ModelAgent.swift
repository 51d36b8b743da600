import AgentLinks
import ElvesCore
import Synchronization

@testable import Scheduler

/// One agent with its journal, played as the contract says: an attempt starts at most once, its result is kept until
/// it is told to be recorded, and what was lost on the way is not taken.
final class ModelAgent: Sendable {
    /// An attempt that it took.
    struct Entry {
        let attempt: TaskAttempt
        var end: TaskReport?
        var waiting: [(link: ModelLink, ended: @Sendable (AttemptEnd) -> Void)] = []
    }

    struct State {
        var journal: [AttemptName: Entry] = [:]
        /// Told to be recorded, and dropped.
        var dropped: Set<AttemptName> = []
        var starts: [AttemptName: Int] = [:]
        /// Ends that workers came to and that no power loss took away.
        var truth: [AttemptName: TaskState] = [:]
        /// Sends without the word that they may have been sent before.
        var firstSends: [AttemptName: Int] = [:]
        var boot = 1
        var isForgetful = false
        /// Whether the next call is lost on its way.
        var losesNextCall = false
        var violations: [String] = []
    }

    let identity: AgentIdentity
    let state = Mutex(State())
    /// Says what is wrong with telling that the attempt is recorded; nil: nothing.
    private let checkTold: @Sendable (AttemptName) -> String?

    init(_ number: Int64, checkTold: @escaping @Sendable (AttemptName) -> String?) {
        identity = AgentIdentity(id: .test(number), ip: "127.0.0.\(number)")
        self.checkTold = checkTold
    }

    var boot: String { state.withLock { "boot-\($0.boot)" } }
    var running: [AttemptName] { names { $0.end == nil } }
    var kept: [TaskReport] {
        state.withLock { $0.journal.values.compactMap(\.end) }.sorted { $0.task < $1.task }
    }

    private func names(_ condition: (Entry) -> Bool) -> [AttemptName] {
        state.withLock { state in
            state.journal.filter { condition($0.value) }.map(\.key)
        }.sorted { ($0.task, $0.number) < ($1.task, $1.number) }
    }

    func run(_ attempt: TaskAttempt, over link: ModelLink, _ ended: @escaping @Sendable (AttemptEnd) -> Void) {
        told(attempt.recorded)
        let answer: AttemptEnd? = state.withLock { state in
            if !attempt.again { state.firstSends[attempt.name, default: 0] += 1 }
            if state.losesNextCall {
                state.losesNextCall = false
                link.owe(ended)
                return nil
            }
            if let known = state.answer(to: attempt.name, over: link, ended) { return known.answer }
            if attempt.again, state.isForgetful {
                return .refused(code: "agent.attempt.forgotten", message: "the journal was cut")
            }
            state.starts[attempt.name, default: 0] += 1
            state.journal[attempt.name] = Entry(attempt: attempt, waiting: [(link, ended)])
            return nil
        }
        if let answer { ended(answer) }
    }

    func resume(_ name: AttemptName, over link: ModelLink, _ ended: @escaping @Sendable (AttemptEnd) -> Void) {
        let answer: AttemptEnd? = state.withLock { state in
            if let known = state.answer(to: name, over: link, ended) { return known.answer }
            let code = state.isForgetful ? "agent.attempt.forgotten" : "agent.attempt.unknown"
            return .refused(code: code, message: "not in the journal")
        }
        if let answer { ended(answer) }
    }

    /// The worker of an attempt comes to its end.
    func finish(_ name: AttemptName, _ end: TaskState) {
        let (report, waiting) = state.withLock { state -> (TaskReport, [@Sendable (AttemptEnd) -> Void]) in
            var outcome = TaskOutcome()
            if end != .succeeded { outcome = TaskOutcome(code: "agent.worker.exit", message: "\(end)") }
            let call = state.journal[name]?.attempt.call
            let report = TaskReport(
                task: name.task, attempt: name.number, state: end, outcome: outcome,
                origin: TaskReport.Origin(app: call?.app ?? "", function: call?.function ?? "", takenAt: 1))
            if end != .unknown { state.truth[name] = end }
            state.journal[name]?.end = report
            let waiting = state.journal[name]?.waiting.filter(\.link.isOpen).map(\.ended) ?? []
            state.journal[name]?.waiting = []
            return (report, waiting)
        }
        for ended in waiting { ended(.reported(report)) }
    }

    func kill(_ task: ElvesID) {
        for name in running where name.task == task { finish(name, .killed) }
    }

    /// Hears which results are recorded.
    func told(_ names: [AttemptName]) {
        for name in names {
            let problem = checkTold(name)
            state.withLock { state in
                if let problem { state.violations.append("told that \(name) is recorded: \(problem)") }
                if let entry = state.journal[name], entry.end == nil {
                    state.violations.append("told that \(name) is recorded while it runs")
                }
                if state.journal.removeValue(forKey: name) != nil { state.dropped.insert(name) }
            }
        }
    }

    /// The machine loses its power: workers are gone, and with them what was not synced.
    func reboot() {
        state.withLock { state in
            state.boot += 1
            for (name, entry) in state.journal where !entry.attempt.isDurable {
                state.journal[name] = nil
                state.truth[name] = nil
            }
        }
        for name in running { finish(name, .unknown) }
    }
}

extension ModelAgent.State {
    /// What is said of an attempt that is known; nil when it is not. An answer may have to wait.
    fileprivate mutating func answer(
        to name: AttemptName, over link: ModelLink, _ ended: @escaping @Sendable (AttemptEnd) -> Void
    ) -> (answer: AttemptEnd?, Void)? {
        if let entry = journal[name] {
            if let end = entry.end { return (.reported(end), ()) }
            journal[name]?.waiting.append((link, ended))
            return (nil, ())
        }
        guard dropped.contains(name) else { return nil }
        return (.refused(code: "agent.attempt.taken", message: "it was recorded"), ())
    }
}

/// One connection of a `ModelAgent`.
final class ModelLink: TaskLink {
    private struct State {
        var isOpen = true
        /// Calls that will not be answered over this connection.
        var owed: [@Sendable (AttemptEnd) -> Void] = []
    }

    private let model: ModelAgent
    let boot: String
    private let state = Mutex(State())

    init(_ model: ModelAgent) {
        self.model = model
        boot = model.boot
    }

    var agent: AgentIdentity { model.identity }
    var isOpen: Bool { state.withLock { $0.isOpen } }
    func answers(within limit: Duration) async -> Bool { isOpen }
    func close(reason: String) { cut(tells: true) }
    func follow(_ task: ElvesID) {}

    func run(_ attempt: TaskAttempt, ended: @escaping @Sendable (AttemptEnd) -> Void) {
        guard isOpen else { return ended(.notSent("closed")) }
        model.run(attempt, over: self, ended)
    }

    func resume(_ attempt: AttemptName, patienceMs: Int64, ended: @escaping @Sendable (AttemptEnd) -> Void) {
        guard isOpen else { return ended(.notSent("closed")) }
        model.resume(attempt, over: self, ended)
    }

    func recorded(_ attempts: [AttemptName]) { if isOpen { model.told(attempts) } }
    func kill(_ task: ElvesID, reason: String) { if isOpen { model.kill(task) } }

    func owe(_ ended: @escaping @Sendable (AttemptEnd) -> Void) {
        state.withLock { $0.owed.append(ended) }
    }

    /// Ends the connection. `tells`: the scheduler still lives, and sees its calls lost.
    func cut(tells: Bool) {
        let wasOpen = state.withLock { state in
            defer { state.isOpen = false }
            return state.isOpen
        }
        guard wasOpen else { return }
        var lost = state.withLock { state in
            defer { state.owed = [] }
            return state.owed
        }
        lost += model.state.withLock { state in
            var lost: [@Sendable (AttemptEnd) -> Void] = []
            let sorted = state.journal.sorted { ($0.key.task, $0.key.number) < ($1.key.task, $1.key.number) }
            for (name, entry) in sorted {
                lost += entry.waiting.filter { $0.link === self }.map(\.ended)
                state.journal[name]?.waiting.removeAll { $0.link === self }
            }
            return lost
        }
        if tells { for ended in lost { ended(.lost("cut")) } }
    }
}
