/// How a task answers in `/api/v2`, by the contract's table of states.
package struct Elves2Answer: Hashable, Sendable {
    /// `pendding`, `running`, `finish` or `stopped`, in ELVES 2.0's own spelling.
    package let status: String
    /// `"true"` when the agent answered, `"false"` when it did not, empty while unfinished.
    package let flag: String
    /// `[CODE]Text`, or empty.
    package let error: String
    /// 1 the worker said true, 0 it said something else (or nothing yet), -1 it could not run or broke.
    package let workerFlag: Int32

    /// The answer of a task in `state`.
    ///
    /// `workerFlag`: the flag of its result, which tells a `failed` by the worker's own word (0) from
    /// one that broke (-1).
    package init(state: TaskState, workerFlag flag: Int32) {
        switch state {
        case .created: self.init("pendding", "", nil, 0)
        case .dispatched, .running: self.init("running", "", nil, 0)
        case .succeeded: self.init("finish", "true", nil, 1)
        case .failed: self.init("finish", "true", nil, flag == 0 ? 0 : -1)
        case .timedOut: self.init("finish", "true", nil, -1)
        case .unreachable: self.init("finish", "false", .unreachable, -1)
        case .rejected: self.init("finish", "false", .rejected, -1)
        case .expired: self.init("finish", "false", .expired, -1)
        case .unknown: self.init("finish", "false", .unknown, -1)
        case .skipped: self.init("finish", "false", .dependTaskFailed, -1)
        case .killed, .cancelled: self.init("stopped", "false", .stopped, -1)
        }
    }

    /// The envelope's error of `rt/exec` for a task that ended in `state`; nil when the agent answered.
    ///
    /// There, a task that could not be sent is 410.0, not 410.1.
    package static func syncError(state: TaskState) -> String? {
        if state == .unreachable { return Elves2Code.sendFailed.envelope }
        let error = Elves2Answer(state: state, workerFlag: -1).error
        return error.isEmpty ? nil : error
    }

    private init(_ status: String, _ flag: String, _ code: Elves2Code?, _ workerFlag: Int32) {
        self.status = status
        self.flag = flag
        error = code?.envelope ?? ""
        self.workerFlag = workerFlag
    }
}
