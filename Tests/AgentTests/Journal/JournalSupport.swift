import ElvesContracts
import ElvesCore
import Runner
import Synchronization

@testable import Agent

/// An attempt of a task, as a test needs one.
func taken(_ task: Int64, attempt: Int32 = 1, app: String = "app", isDurable: Bool = false) -> TakenAttempt {
    TakenAttempt(
        key: AttemptKey(taskId: task, attempt: attempt), app: app, function: "f", version: "1",
        workerProtocol: WorkerProtocol.json.rawValue, at: task * 10, isDurable: isDurable)
}

/// How that attempt may have ended.
func answered(
    _ task: Int64, attempt: Int32 = 1, _ state: ElvesContracts.TaskState = .succeeded, text: String? = nil
) -> TaskResult {
    TaskResult(taskId: task, attempt: attempt, state: state, flag: 1, message: "m\(task)", result: text)
}

extension AttemptJournal {
    /// Takes and ends an attempt.
    func run(_ task: Int64, text: String? = nil) async throws {
        guard try await begin(taken(task)) else { throw ElvesError(.agentAttemptTaken) }
        _ = end(AttemptKey(taskId: task), answered(task, text: text), at: task * 10 + 1)
    }

    func record(_ tasks: some Sequence<Int64>) { record(tasks.map { AttemptRef(taskId: $0, attempt: 1) }) }

    func standing(_ task: Int64) -> AttemptStanding { standing(of: AttemptKey(taskId: task)) }

    /// Everything that is known, attempt by attempt.
    var known: [AttemptKey: AttemptStanding] {
        state.withLock { state in
            var known: [AttemptKey: AttemptStanding] = [:]
            for key in state.image.open.keys { known[key] = .open }
            for key in state.image.kept.keys { known[key] = .kept }
            for key in state.image.recorded.keys { known[key] = .recorded }
            return known
        }
    }

    /// Whether a rewriting is under way.
    var isRewriting: Bool { state.withLock { $0.isRewriting } }
}

/// The segments of a journal, by name.
func segments(_ folder: Folder) -> [String] { Disk.names(in: folder.path).filter { $0.hasSuffix(".journal") } }

/// Numbers that a seed gives, the same every time.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
