import ElvesCore
import Testing

@Suite struct Elves2AnswerTests {
    /// The contract's table, row by row.
    @Test(
        arguments: [
            (TaskState.created, 0, "pendding", "", "", 0), (.dispatched, 0, "running", "", "", 0),
            (.running, 0, "running", "", "", 0), (.succeeded, 1, "finish", "true", "", 1),
            (.failed, 0, "finish", "true", "", 0), (.failed, -1, "finish", "true", "", -1),
            (.timedOut, -1, "finish", "true", "", -1),
            (.unreachable, -1, "finish", "false", "[410.1]Send Job To Agent Fail", -1),
            (.rejected, -1, "finish", "false", "[410.2]Agent Refused The Job", -1),
            (.expired, -1, "finish", "false", "[410.3]Job Start Time Passed", -1),
            (.unknown, -1, "finish", "false", "[410.4]Job End Is Unknown", -1),
            (.skipped, -1, "finish", "false", "[412.5]Depend Task Failed", -1),
            (.killed, -1, "stopped", "false", "[410.5]Job Was Stopped", -1),
            (.cancelled, -1, "stopped", "false", "[410.5]Job Was Stopped", -1),
        ] as [(TaskState, Int32, String, String, String, Int32)])
    func everyStateAnswersAsTheContractSays(
        state: TaskState, worker: Int32, status: String, flag: String, error: String, workerFlag: Int32
    ) {
        let answer = Elves2Answer(state: state, workerFlag: worker)
        #expect(answer.status == status)
        #expect(answer.flag == flag)
        #expect(answer.error == error)
        #expect(answer.workerFlag == workerFlag)
    }

    @Test func syncCallsAnswer410Point0WhenNothingWasSent() {
        #expect(Elves2Answer.syncError(state: .unreachable) == "[410.0]Send Job To Agent Fail")
        #expect(Elves2Answer.syncError(state: .failed) == nil)
        #expect(Elves2Answer.syncError(state: .unknown) == "[410.4]Job End Is Unknown")
    }
}
