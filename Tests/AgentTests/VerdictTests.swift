import ElvesContracts
import ElvesCore
import Runner
import Testing

@testable import Agent

@Suite struct VerdictTests {
    private func timedOut(after cost: Duration, said: String = "") -> WorkerEnd {
        var end = WorkerEnd(key: AttemptKey(taskId: 1), status: .signaled(15))
        end.timedOut = true
        end.cost = cost
        end.errors.head = Array(said.utf8)
        return end
    }

    @Test(arguments: [
        (Duration.milliseconds(312), Duration.milliseconds(300), "ended after 312ms, its limit is 300ms"),
        (.milliseconds(95_010), .seconds(90), "ended after 1m35s10ms, its limit is 1m30s"),
    ])
    func aTimeoutNamesLimitAndCost(cost: Duration, limit: Duration, words: String) {
        let json = Verdict(timedOut(after: cost), workerProtocol: .json, timeout: limit)
        #expect(json.state == .timedOut && json.flag == -1 && json.code == .agentWorkerTimeout)
        #expect(json.message == "timed out: " + words)
        let elves2 = Verdict(timedOut(after: cost, said: "busy\n"), workerProtocol: .elves2, timeout: limit)
        #expect(elves2.message == "app exec error : timed out: \(words): busy")
    }

    @Test func anUnknownLimitIsNotNamed() {
        let verdict = Verdict(timedOut(after: .seconds(2)), workerProtocol: .json, timeout: nil)
        #expect(verdict.message == "timed out: ended after 2s")
    }
}
