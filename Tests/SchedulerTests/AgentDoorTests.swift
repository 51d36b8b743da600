import AgentLinks
import ElvesContracts
import ElvesCore
import NIOPosix
import TestSupport
import Testing
import Thrift
import ThriftNIO

@testable import Scheduler

/// Agents dial in over TCP on loopback; the scheduler calls them back over the same connection.
@Suite struct AgentDoorTests {
    private static let identity = PeerIdentity(role: "agent", instance: "0000000000000007", ip: "127.0.0.7")

    private static var options: ConnectionOptions {
        var options = ConnectionOptions()
        options.hello = Hello(oldest: 1, newest: 1, features: [], instance: "test", epoch: 1, version: "test")
        return options
    }

    /// A listener whose every peer is agent 7, and the door behind it.
    private struct Hall {
        let service: SchedulerService
        let door: AgentDoor<AgentChannel>
        let server: ThriftServer
        let address: ThriftAddress

        init(_ service: SchedulerService) async throws {
            self.service = service
            let door = AgentDoor(
                connect: { wire throws(AgentRefusal) in try await service.connect(ThriftTaskLink(wire)) },
                disconnect: { service.disconnect($0) })
            self.door = door
            server = ThriftServer(
                [SchedulerServiceProcessor(SchedulerHandler(service))],
                security: .plaintext(peer: AgentDoorTests.identity), options: AgentDoorTests.options,
                group: .singleton, admit: { try await door.admit($0) })
            address = try await server.listen(on: .tcp(host: "127.0.0.1", port: 0))
        }

        func dial(_ agent: ScriptedAgent, maxRunning: Int32? = nil) async throws -> ThriftConnection {
            var options = AgentDoorTests.options
            options.hello.maxRunning = maxRunning
            return try await ThriftDialer(
                address, security: .plaintext(peer: PeerIdentity(role: "scheduler", instance: "s-1")),
                options: options, services: [AgentServiceProcessor(agent)], group: .singleton
            ).dial()
        }
    }

    private func withHall(_ body: @Sendable (Hall) async throws -> Void) async throws {
        let hall = try await Hall(try await SchedulerService.serving())
        try await withThrowingTaskGroup { group in
            group.addTask { await hall.door.run() }
            defer { group.cancelAll() }
            try await body(hall)
            await hall.server.close()
        }
    }

    @Test func aTaskRunsOnAnAgentThatDialledIn() async throws {
        try await withHall { hall async throws in
            let agent = ScriptedAgent()
            let connection = try await hall.dial(agent)
            let record = try await hall.service.execute(.test(7), waitMs: 10_000)
            #expect(record.state == .failed)
            #expect(record.outcome.version == "1.2.3")
            connection.close()
            try await eventually("the agent is gone") { hall.service.connectedAgents.isEmpty }
            #expect(try await hall.service.execute(.test(7), waitMs: 0).state == .unreachable)
        }
    }

    @Test(arguments: [(3, 3), (nil, 9), (-1, 9)] as [(Int32?, Int)])
    func tasksThatWaitGetNoMorePlacesThanTheAgentRunsAtOnce(_ said: Int32?, _ places: Int) async throws {
        try await withHall { hall async throws in
            let agent = ScriptedAgent()
            let connection = try await hall.dial(agent, maxRunning: said)
            var order = ExecutionOrder.test(7, durable: true)
            order.call.function = "hold"
            for _ in 0..<9 { _ = try await hall.service.execute(order, waitMs: 0) }
            #expect(hall.service.dispatcher.inFlight == places)
            // A call that does not wait is not held back.
            #expect(try await hall.service.execute(.test(7), waitMs: 10_000).state == .failed)
            try await eventually("all have ended") {
                agent.release()
                return hall.service.figures["tasks_held"] == 0
            }
            connection.close()
        }
    }

    @Test func aTaskOfAnAgentThatDropsGetsItsEndWhenTheAgentIsBack() async throws {
        try await withHall { hall async throws in
            let agent = ScriptedAgent()
            let connection = try await hall.dial(agent)
            var order = ExecutionOrder.test(7)
            order.call.function = "hold"
            let running = try await hall.service.execute(order, waitMs: 0)
            try await eventually("the worker runs") { agent.heldCount == 1 }
            connection.close()
            try await eventually("the agent is gone, with its task") {
                hall.service.connectedAgents.isEmpty && hall.service.figures["tasks_awaiting_word"] == 1
            }
            #expect(try await hall.service.execution(running.id, waitMs: 0).state == .dispatched)
            // The same agent in a new life: it has the result in its journal.
            let again = ScriptedAgent()
            let second = try await hall.dial(again)
            let end = try await hall.service.execution(running.id, waitMs: 10_000)
            #expect(end.state == .failed && end.outcome.message == "exit status 3")
            #expect(again.resumed == [AttemptRef(taskId: running.id.rawValue, attempt: 1)])
            #expect(again.tasks.isEmpty)
            agent.release()
            second.close()
        }
    }

    @Test func aTaskThatWaitedIsSentAsSoonAsItsAgentIsIn() async throws {
        try await withHall { hall async throws in
            let waiting = try await hall.service.execute(.test(7, startByMs: 60_000), waitMs: 0)
            let connection = try await hall.dial(ScriptedAgent())
            #expect(try await hall.service.execution(waiting.id, waitMs: 10_000).state == .failed)
            #expect(connection.isOpen)
            connection.close()
        }
    }

    @Test func aSecondLivingAgentOfOneIdentityIsTurnedAway() async throws {
        try await withHall { hall async throws in
            let first = try await hall.dial(ScriptedAgent())
            let error = await #expect(throws: ThriftError.self) { _ = try await hall.dial(ScriptedAgent()) }
            #expect(error?.code == .identityInUse)
            #expect(error?.message.contains("one identity") == true)
            #expect(first.isOpen)
            #expect(hall.service.connectedAgents == [.test(7)])
            first.close()
        }
    }
}
