package import ElvesContracts
package import ElvesCore
package import Runner

/// What a worker's end means: state, flag, message and result of the task.
package struct Verdict: Sendable, Hashable {
    package var state: ElvesContracts.TaskState
    package var flag: Int32
    package var message: String
    /// JSON text.
    package var result: String?
    package var code: ErrorCode?

    private init(
        _ state: ElvesContracts.TaskState, _ flag: Int32, _ message: String, result: String? = nil,
        code: ErrorCode? = nil
    ) {
        self.state = state
        self.flag = flag
        self.message = message
        self.result = result
        self.code = code
    }

    /// Judges an end by the worker's protocol. ELVES 2.0 texts begin as its agent's did, and say more.
    ///
    /// - Parameter timeout: how long the worker might run; nil when that is not known.
    package init(_ end: WorkerEnd, workerProtocol: WorkerProtocol, timeout: Duration?) {
        let isElves2 = workerProtocol != .json
        if let broken = Self.broken(end, isElves2: isElves2, timeout: timeout) {
            self = broken
        } else {
            self = isElves2 ? Self.elves2(end) : Self.json(end)
        }
    }

    /// Ends that say nothing of the worker's own word; nil when it exited by itself.
    private static func broken(_ end: WorkerEnd, isElves2: Bool, timeout: Duration?) -> Verdict? {
        let prefix = isElves2 ? "app exec error : " : ""
        if case .notStarted(let why) = end.status {
            return Verdict(.failed, -1, prefix + why, code: .agentWorkerSpawn)
        }
        if end.timedOut {
            let limit = timeout.map { ", its limit is \(DurationText.format($0))" } ?? ""
            let text = "timed out: ended after \(DurationText.format(end.cost))\(limit)\(said(end))"
            return Verdict(.timedOut, -1, prefix + text, code: .agentWorkerTimeout)
        }
        if end.killed { return Verdict(.killed, -1, prefix + "stopped by request", code: .agentWorkerKilled) }
        switch end.status {
        case .signaled(let signal):
            return Verdict(
                .failed, -1, prefix + "signal \(SignalName.text(signal))\(said(end))", code: .agentWorkerSignal)
        case .stuck:
            return Verdict(.unknown, -1, prefix + "the worker outlived KILL", code: .runnerSurvivors)
        default:
            return nil
        }
    }

    private static func elves2(_ end: WorkerEnd) -> Verdict {
        guard case .exited(0) = end.status else {
            return Verdict(
                .failed, -1, "app exec error : exit status \(code(end))\(said(end))", code: .agentWorkerExit)
        }
        let tags = Elves2Tags(end.output.wholeText)
        guard let flag = tags.flag, let text = tags.result else {
            let missing = tags.missing.joined(separator: " and ")
            return Verdict(
                .failed, -1, "app exec error : no \(missing) in the output\(said(end))", code: .agentWorkerTagMissing)
        }
        let isGood = flag == "true"
        return Verdict(
            isGood ? .succeeded : .failed, isGood ? 1 : 0, text, code: isGood ? nil : .agentWorkerFailed)
    }

    private static func json(_ end: WorkerEnd) -> Verdict {
        let succeeded = end.status == .exited(0)
        if end.resultTooLong {
            return Verdict(.failed, -1, "the result is longer than 1 MiB", code: .agentWorkerResultTooLong)
        }
        let text = String(decoding: end.result, as: UTF8.self)
        guard !end.result.isEmpty else {
            return succeeded
                ? Verdict(.succeeded, 1, "")
                : Verdict(.failed, -1, "exit status \(code(end))\(said(end))", code: .agentWorkerExit)
        }
        let value: JSONValue
        do {
            if succeeded {
                try JSONValue.check(end.result)
                return Verdict(.succeeded, 1, "", result: text)
            }
            value = try JSONValue(parsing: end.result)
        } catch {
            let what = "descriptor 3 holds no JSON value: \(error)"
            return succeeded
                ? Verdict(.failed, -1, what, code: .agentWorkerResultInvalid)
                : Verdict(.failed, -1, "exit status \(code(end)); \(what)", code: .agentWorkerExit)
        }
        // An exit code other than 0 with a result: the worker's own word, not a breakdown.
        let message = value["error"].map { $0.string ?? $0.text() } ?? "exit status \(code(end))"
        return Verdict(.failed, 0, message, result: text, code: .agentWorkerFailed)
    }

    private static func code(_ end: WorkerEnd) -> Int32 {
        if case .exited(let code) = end.status { return code }
        return -1
    }

    /// `: ` and the worker's most telling line.
    private static func said(_ end: WorkerEnd) -> String {
        (end.errors.lastWords ?? end.output.gist).map { ": " + $0 } ?? ""
    }
}

/// Names of signals, for messages.
enum SignalName {
    private static let names: [Int32: String] = [
        1: "HUP", 2: "INT", 3: "QUIT", 4: "ILL", 6: "ABRT", 7: "BUS", 8: "FPE", 9: "KILL", 11: "SEGV", 13: "PIPE",
        14: "ALRM", 15: "TERM", 24: "XCPU", 25: "XFSZ", 31: "SYS",
    ]

    static func text(_ signal: Int32) -> String {
        names[signal].map { "\(signal) (SIG\($0))" } ?? "\(signal)"
    }
}
