import ElvesContracts
import Testing

@testable import Agent

/// What `elves-agent status` prints.
@Suite struct StatusTextTests {
    private let moment: Int64 = 1_767_323_045_678

    @Test func everythingIsSaid() {
        let status = LocalStatus(
            agentId: 0x1f, ip: "10.0.0.7", version: "1.2.3", uptimeMs: 3_723_000,
            apps: [
                LocalApp(app: "hello", version: "1.0.0", running: 3, waiting: 0),
                LocalApp(app: "disk", version: "", problem: "files arrived damaged", running: 1, waiting: 2),
            ],
            lastContactMs: ["scheduler": 999, "heartbeat": -1],
            tasks: [
                LocalTask(
                    taskId: 0xab, app: "hello", func: "greet", state: .timedOut, startedAt: moment, costMs: 12,
                    adopted: true),
                LocalTask(taskId: 0xaa, app: "hello", func: "greet", state: .succeeded, startedAt: moment, costMs: 3),
            ],
            errors: [LocalError(at: moment, code: "agent.worker.timeout", message: "hello greet: timed out")],
            running: 4, residentBytes: 8_450_000, runnerResidentBytes: 3_000_000, waiting: 2)
        #expect(
            status.text == """
                agent 000000000000001f  10.0.0.7  version 1.2.3  up 1 h 2 min
                heartbeat: no contact yet
                scheduler: last contact 999 ms ago
                tasks running: 4
                tasks waiting: 2
                memory: agent 8.4 MB, runner 3.0 MB

                apps
                  hello 1.0.0  3 running
                  disk not installed  1 running, 2 waiting  PROBLEM: files arrived damaged

                last tasks
                  2026-01-02T03:04:05.678Z  00000000000000ab  hello greet  TIMED_OUT  12 ms  \
                adopted after a restart
                  2026-01-02T03:04:05.678Z  00000000000000aa  hello greet  SUCCEEDED  3 ms

                last errors
                  2026-01-02T03:04:05.678Z  agent.worker.timeout  hello greet: timed out

                """)
    }

    @Test func anAgentThatHasDoneNothingSaysSo() {
        #expect(
            LocalStatus(agentId: 1, ip: "10.0.0.7", version: "1.2.3", uptimeMs: 40).text == """
                agent 0000000000000001  10.0.0.7  version 1.2.3  up 40 ms
                tasks running: 0

                no apps

                no tasks yet

                no errors

                """)
    }

    @Test(
        arguments: [
            (1000, "1 s"), (59_999, "59 s"), (60_000, "1 min"), (3_599_999, "59 min"), (86_400_000, "24 h 0 min"),
        ]
            as [(Int64, String)])
    func spansAreRounded(ms: Int64, text: String) {
        #expect(LocalStatus(lastContactMs: ["heartbeat": ms]).text.contains("heartbeat: last contact \(text) ago\n"))
    }

    @Test func aStateOfANewerCenterHasNoName() {
        let task = LocalTask(taskId: 1, app: "a", func: "f", state: TaskState(rawValue: 99), startedAt: moment)
        #expect(LocalStatus(tasks: [task]).text.contains("  a f  ?  0 ms\n"))
    }
}
