import AgentLinks
import ElvesContracts
import ElvesCore
import TestSupport
import Testing
import Thrift
import ThriftInProcess

@testable import Scheduler

/// The scheduler over its wire, both sides in process.
@Suite struct SchedulerHandlerTests {
    private let agent = ScriptedAgent()
    private let peer = PeerIdentity(role: "agent", instance: "0000000000000007", ip: "127.0.0.7")

    private func serving() async throws -> SchedulerService {
        let service = try await SchedulerService.serving()
        let back = InProcessCaller(
            ThriftRouter([AgentServiceProcessor(agent)]), as: PeerIdentity(role: "scheduler", instance: "s-1"))
        _ = try await service.connect(ThriftTaskLink(try AgentWire(peer: peer, caller: back)))
        return service
    }

    private func client(_ service: SchedulerService, role: String = "openapi") -> SchedulerServiceClient {
        SchedulerServiceClient(
            InProcessCaller(
                ThriftRouter([SchedulerServiceProcessor(SchedulerHandler(service))]),
                as: PeerIdentity(role: role, instance: "o-1")))
    }

    private func request(_ function: String) -> ExecuteRequest {
        ExecuteRequest(
            app: "hello", func: function, param: #"{"b":2}"#, agentId: 7, timeoutMs: 5_000, proxy: "sh|x",
            labels: ["ticket": "OPS-1"], agentName: "web-7")
    }

    @Test func everyWordArrivesBothWays() async throws {
        let service = try await serving()
        let record = try await client(service).execute(
            request: request("work"), waitMs: 5_000, options: CallOptions(trace: "00-4bf9-01", caller: "key-1"))
        let sent = try #require(agent.tasks.first)
        #expect(
            sent
                == RunTask(
                    taskId: record.id, attempt: 1, app: "hello", func: "work", param: #"{"b":2}"#, timeoutMs: 5_000,
                    proxy: "sh|x"))
        #expect(agent.callers == ["key-1"])
        var expected = TaskRecord(
            id: record.id, app: "hello", func: "work", param: #"{"b":2}"#, agentId: 7, ip: "127.0.0.7", state: .failed,
            attempt: 1, caller: "key-1", trace: "00-4bf9-01", flag: -1, message: "exit status 3", result: #"{"a":1}"#,
            costMs: 12, exitCode: 3, signal: 9, stdout: OutputText(head: "a", tail: "z", dropped: 5),
            stderr: OutputText(head: "e"), code: "agent.worker.exit", version: "1.2.3", labels: ["ticket": "OPS-1"],
            timeoutMs: 5_000, agentName: "web-7")
        expected.createdAt = record.createdAt
        expected.dispatchedAt = record.dispatchedAt
        expected.endedAt = record.endedAt
        #expect(record == expected, "and no hops: who executes seldom wants them")
        let asked = try await client(service).task(id: record.id, waitMs: 0)
        expected.hops = asked.hops
        #expect(asked == expected)
        #expect(asked.hops.map(\.event) == ["created", "dispatched", "spawned", "ended"])
        #expect(asked.hops.count > 2 && asked.hops[2].rule == "limit.workers")
    }

    @Test func anAgentsRefusalIsARejection() async throws {
        let record = try await client(serving()).execute(request: request("refuse"), waitMs: 5_000)
        #expect(record.state == .rejected)
        #expect(record.code == "agent.full" && record.message == "no room")
    }

    @Test(arguments: ["crash", "odd"]) func anAnswerThatSaysNothingIsUnknown(_ function: String) async throws {
        let record = try await client(serving()).execute(request: request(function), waitMs: 5_000)
        #expect(record.state == .unknown)
        #expect(record.code == "scheduler.agent.lost")
    }

    @Test func theAnswerComesBeforeTheCallersDeadline() async throws {
        let service = try await serving()
        let record = try await service.whileRunning { () async throws in
            try await client(service).execute(
                request: request("hold"), waitMs: 600_000, options: CallOptions(timeout: .milliseconds(500)))
        }
        #expect(record.state == .dispatched)
        agent.release()
    }

    @Test func errorsAreFaultsOfTheRegistry() async throws {
        let service = try await serving()
        let fault = await #expect(throws: Fault.self) { try await client(service).task(id: 99, waitMs: 0) }
        #expect(fault?.code == "scheduler.task.unknown")
        #expect(fault?.hint.isEmpty == false)
        for id: Int64 in [0, -1] {
            await #expect(throws: Fault.self) { try await client(service).task(id: id, waitMs: 0) }
            await #expect(throws: Fault.self) { try await client(service).batch(id: id, waitMs: 0) }
        }
        let empty = await #expect(throws: Fault.self) {
            try await client(service).createBatch(request: BatchRequest(app: "a", func: "f"))
        }
        #expect(empty?.code == "scheduler.batch.empty")
    }

    @Test(arguments: ["agent", "none", "supervisor", "scheduler"])
    func othersMayNotCallIt(_ role: String) async throws {
        let service = try await serving()
        let error = await #expect(throws: ThriftError.self) {
            try await client(service, role: role).execute(request: request("work"), waitMs: 0)
        }
        #expect(error?.code == .denied)
        #expect(agent.tasks.isEmpty)
    }

    @Test func batchesTravelWhole() async throws {
        let service = try await serving()
        try await service.whileRunning { () async throws in
            let targets = [
                BatchTarget(agentId: 7, ip: "127.0.0.7", name: "web-7"), BatchTarget(agentId: 8, name: "web-8"),
            ]
            let batch = try await client(service).createBatch(
                request: BatchRequest(app: "hello", func: "work", targets: targets, labels: ["ticket": "OPS-1"]),
                options: CallOptions(caller: "k"))
            #expect(batch.total == 2 && batch.caller == "k" && batch.concurrency == 2)
            #expect(batch.labels == ["ticket": "OPS-1"])
            let ended = try await client(service).batch(id: batch.id, waitMs: 10_000)
            #expect(ended.states == [.failed: 1, .unreachable: 1])
            #expect(ended.labels == ["ticket": "OPS-1"])
            let ends = try await client(service).batchEnds(id: batch.id, after: 0, limit: 10, waitMs: 0)
            #expect(ends.done && ends.nextAfter == 2)
            #expect(Set(ends.tasks.map(\.agentName)) == ["web-7", "web-8"])
            #expect(ends.tasks.allSatisfy { $0.batchId == batch.id })
            #expect(try await client(service).connectedAgents() == [7])
        }
    }

    @Test(arguments: [
        (ThriftError(.notConnected, "gone"), ElvesCore.TaskState.unreachable, "scheduler.agent.unreachable"),
        (ThriftError(.overloaded, "full"), .rejected, "channel.overloaded"),
        (ThriftError(.tooLarge, "17 MiB"), .rejected, "channel.frame.tooLong"),
        (ThriftError(.denied, "no"), .rejected, "channel.role.denied"),
        (ThriftError(.unknownMethod, "run"), .rejected, "channel.method.unknown"),
        (ThriftError(.deadlineExceeded, "late"), .unknown, "scheduler.agent.lost"),
        (ThriftError(.internalError, "bug"), .unknown, "scheduler.agent.lost"),
        (ThriftError(.invalidData, "bytes"), .unknown, "scheduler.agent.lost"),
    ])
    func whatTheChannelSaysDecidesTheEnd(
        _ error: ThriftError, _ state: ElvesCore.TaskState, _ code: String
    ) async throws {
        struct Failing: ThriftCaller {
            let error: ThriftError
            func call(
                _ method: MethodDescriptor, options: CallOptions, arguments: (inout ThriftWriter) -> Void
            ) async throws -> ThriftReply? { throw error }
        }
        let service = try await SchedulerService.serving()
        _ = try await service.connect(ThriftTaskLink(try AgentWire(peer: peer, caller: Failing(error: error))))
        let record = try await service.execute(.test(7), waitMs: 5_000)
        #expect(record.state == state)
        #expect(record.outcome.code == code)
    }

    /// The agent took the task and answered more than can be read: that is no refusal.
    @Test func anAnswerThatAnnouncesTooMuchIsUnknown() async throws {
        struct Boasting: ThriftCaller {
            func call(
                _ method: MethodDescriptor, options: CallOptions, arguments: (inout ThriftWriter) -> Void
            ) async throws -> ThriftReply? {
                // Field 0, a struct, whose field 5 is a string of 2 GiB.
                let bytes: [UInt8] = [12, 0, 0, 11, 0, 5, 0x7F, 0xFF, 0xFF, 0xFF, 0x61]
                return ThriftReply(frame: bytes, encoding: .binary, bodyOffset: 0)
            }
        }
        let service = try await SchedulerService.serving()
        _ = try await service.connect(ThriftTaskLink(try AgentWire(peer: peer, caller: Boasting())))
        let record = try await service.execute(.test(7), waitMs: 5_000)
        #expect(record.state == .unknown && record.outcome.code == "scheduler.agent.lost")
        #expect(record.hops.last?.rule == "agent.answer")
    }

    @Test func onlyAgentsWithIdAndIpBecomeChannels() {
        for peer in [
            PeerIdentity(role: "openapi", instance: "0000000000000007", ip: "127.0.0.7"),
            PeerIdentity(role: "agent", instance: "web-7", ip: "127.0.0.7"),
            PeerIdentity(role: "agent", instance: "0000000000000007"),
            PeerIdentity(role: "agent", instance: "0000000000000000", ip: "127.0.0.7"),
        ] {
            let error = #expect(throws: ThriftError.self) { try AgentIdentity(peer) }
            #expect(error?.code == .refused)
        }
    }
}
