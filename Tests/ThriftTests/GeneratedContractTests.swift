import ElvesContracts
import Testing
import Thrift

@Suite struct GeneratedContractTests {
    private let task = RunTask(taskId: 7, attempt: 1, app: "hello", func: "greet", param: "{\"name\":\"Zoë\"}")

    @Test(arguments: [ThriftEncoding.binary, .compact])
    func structsSurviveARoundTrip(encoding: ThriftEncoding) throws {
        #expect(try RunTask(decoding: task.encoded(as: encoding), as: encoding) == task)
        let fault = Fault(code: "a.b", message: "m", retryable: true, details: ["b": "2", "a": "1"])
        #expect(try Fault(decoding: fault.encoded(as: encoding), as: encoding) == fault)
    }

    @Test func aRecordOfAnotherShapeIsReadAsFarAsItIsKnown() throws {
        // Field 1 of Hello is a number, of Fault a string: skipped, the default stays.
        let hello = Hello(oldest: 1, newest: 2, instance: "i")
        let fault = try Fault(decoding: hello.encoded(as: .compact), as: .compact)
        #expect(fault == Fault())
    }

    @Test func openEnumsKeepNumbersThatTheyDoNotKnow() throws {
        let record = TaskResult(state: TaskState(rawValue: 99))
        let read = try TaskResult(decoding: record.encoded(as: .binary), as: .binary)
        #expect(read.state.rawValue == 99)
        #expect(read.state.name == nil)
        #expect(TaskState.timedOut.name == "TIMED_OUT")
    }

    @Test func everyMethodOfOurServicesSaysWhoMayCallIt() {
        let tables = [
            AgentServiceMethods.all, ChannelServiceMethods.all, ComponentServiceMethods.all,
            HeartbeatServiceMethods.all, RunnerServiceMethods.all, AgentLocalServiceMethods.all,
            SchedulerServiceMethods.all, SupervisorServiceMethods.all,
        ]
        for method in tables.joined() { #expect(!method.roles.isEmpty, "\(method.wireName)") }
        #expect(SchedulerServiceMethods.execute.roles == ["openapi", "queue", "cron"])
        #expect(Elves2.AgentServiceMethods.all.allSatisfy { $0.roles.isEmpty })
    }
}
