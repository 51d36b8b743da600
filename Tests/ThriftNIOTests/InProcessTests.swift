import ElvesContracts
import Testing
import Thrift
import ThriftInProcess

@Suite struct InProcessTests {
    @Test func theSameServiceAnswersInProcess() async throws {
        let router = ThriftRouter([AgentServiceProcessor(ScriptedAgent())])
        let client = AgentServiceClient(InProcessCaller(router, as: Pair.scheduler))
        #expect(try await client.run(task: RunTask(taskId: 4)).taskId == 4)
        await #expect(throws: Fault.self) { try await client.run(task: RunTask(func: "fail")) }
        let stranger = AgentServiceClient(InProcessCaller(router, as: .local))
        let error = await #expect(throws: ThriftError.self) { try await stranger.run(task: RunTask()) }
        #expect(error?.code == .denied)
    }

    @Test func aDeadlineEndsTheWait() async throws {
        let router = ThriftRouter([AgentServiceProcessor(ScriptedAgent())])
        let client = AgentServiceClient(InProcessCaller(router, as: Pair.scheduler))
        let error = await #expect(throws: ThriftError.self) {
            try await client.run(task: RunTask(func: "hang"), options: CallOptions(timeout: .milliseconds(20)))
        }
        #expect(error?.code == .deadlineExceeded)
    }
}
