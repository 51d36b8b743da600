import ElvesContracts
import Synchronization
import TestSupport
import Testing
import Thrift
import ThriftInProcess
import ThriftNIO

/// What a caller sees must not depend on the transport, or tests in process prove nothing of the network.
@Suite struct TransportTests {
    enum Transport: CaseIterable, Sendable {
        case network, inProcess
    }

    /// A client of a scripted agent over one of the transports.
    private struct Line {
        let agent: ScriptedAgent
        let client: AgentServiceClient
        let close: @Sendable () async -> Void

        init(
            _ transport: Transport, as peer: PeerIdentity = Pair.scheduler, limits: ThriftLimits = .standard
        ) async throws {
            switch transport {
            case .network:
                var options = Pair.options
                options.limits = limits
                let pair = try await Pair(options: options, peer: peer)
                agent = pair.agent
                client = pair.client
                close = { await pair.server.close() }
            case .inProcess:
                agent = ScriptedAgent()
                client = AgentServiceClient(
                    InProcessCaller(ThriftRouter([AgentServiceProcessor(agent)]), as: peer, limits: limits))
                close = {}
            }
        }
    }

    @Test(arguments: Transport.allCases) func declaredAndUndeclaredFailuresAreToldApart(_ transport: Transport)
        async throws
    {
        let line = try await Line(transport)
        #expect(try await line.client.run(task: RunTask(taskId: 4)).taskId == 4)
        let fault = await #expect(throws: Fault.self) { try await line.client.run(task: RunTask(func: "fail")) }
        #expect(fault?.code == "agent.full")
        #expect(fault?.retryable == true)
        let error = await #expect(throws: ThriftError.self) { try await line.client.run(task: RunTask(func: "crash")) }
        #expect(error?.code == .cancelled)
        await line.close()
    }

    @Test func theServedSideCallsBack() async throws {
        let line = try await Line(.network)
        #expect(try await line.client.run(task: RunTask(taskId: 3, func: "callback")).taskId == 3)
        await line.close()
    }

    @Test(arguments: Transport.allCases) func aOnewayCallReturnsBeforeItIsServed(_ transport: Transport) async throws {
        let line = try await Line(transport, as: PeerIdentity(role: "heartbeat", instance: "heartbeat-1"))
        line.agent.holdsRefreshes.withLock { $0 = true }
        try await line.client.refresh(generation: 9)
        try await eventually("refresh arrived") { line.agent.started.withLock { $0 } == 1 }
        #expect(line.agent.refreshed.withLock { $0 } == [])
        try await eventually("refresh was served") {
            line.agent.release()
            return line.agent.refreshed.withLock { $0 } == [9]
        }
        await line.close()
    }

    @Test(arguments: Transport.allCases) func aOnewayCallThatFailsIsNoError(_ transport: Transport) async throws {
        let line = try await Line(transport, as: PeerIdentity(role: "openapi", instance: "openapi-1"))
        try await line.client.refresh(generation: 9)
        #expect(line.agent.started.withLock { $0 } == 0)
        await line.close()
    }

    @Test(arguments: Transport.allCases) func aRoleThatTheTableDoesNotNameIsDenied(_ transport: Transport)
        async throws
    {
        let line = try await Line(transport, as: PeerIdentity(role: "openapi", instance: "openapi-1"))
        let error = await #expect(throws: ThriftError.self) { try await line.client.run(task: RunTask()) }
        #expect(error?.code == .denied)
        #expect(error?.message.contains("it is for scheduler") == true)
        #expect(line.agent.started.withLock { $0 } == 0)
        await line.close()
    }

    @Test(arguments: Transport.allCases) func aDeadlineEndsTheWaitAndTheHandler(_ transport: Transport) async throws {
        let line = try await Line(transport)
        let error = await #expect(throws: ThriftError.self) {
            try await line.client.run(
                task: RunTask(func: "hang"), options: CallOptions(timeout: .milliseconds(50)))
        }
        #expect(error?.code == .deadlineExceeded)
        try await eventually("the handler was cancelled") { line.agent.cancelled.withLock { $0 } == 1 }
        await line.close()
    }

    /// A handler that does not hear of its end holds nobody.
    @Test(arguments: Transport.allCases, [false, true])
    func aDeafHandlerHoldsNoCaller(_ transport: Transport, cancelled: Bool) async throws {
        let line = try await Line(transport)
        let call = Task {
            try await line.client.run(
                task: RunTask(func: "hold"),
                options: CallOptions(timeout: cancelled ? .seconds(60) : .milliseconds(50)))
        }
        try await eventually("the call arrived") { line.agent.started.withLock { $0 } == 1 }
        if cancelled { call.cancel() }
        let error = await #expect(throws: ThriftError.self) { try await call.value }
        #expect(error?.code == (cancelled ? .cancelled : .deadlineExceeded))
        line.agent.release()
        await line.close()
    }

    @Test(arguments: Transport.allCases) func aCancelledCallerStopsTheHandler(_ transport: Transport) async throws {
        let line = try await Line(transport)
        let call = Task { try await line.client.run(task: RunTask(func: "hang")) }
        try await eventually("the call arrived") { line.agent.started.withLock { $0 } == 1 }
        call.cancel()
        let error = await #expect(throws: ThriftError.self) { try await call.value }
        #expect(error?.code == .cancelled)
        try await eventually("the handler was cancelled") { line.agent.cancelled.withLock { $0 } == 1 }
        await line.close()
    }

    @Test(arguments: Transport.allCases) func whoIsCancelledAlreadyCallsNobody(_ transport: Transport) async throws {
        let line = try await Line(transport)
        let call = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await line.client.run(task: RunTask())
        }
        let error = await #expect(throws: ThriftError.self) { try await call.value }
        #expect(error?.code == .cancelled)
        #expect(line.agent.started.withLock { $0 } == 0)
        await line.close()
    }

    @Test(arguments: Transport.allCases) func aCallAboveTheFrameLimitIsNotSent(_ transport: Transport) async throws {
        let line = try await Line(transport, limits: ThriftLimits(frameBytes: 1_000))
        let error = await #expect(throws: ThriftError.self) {
            try await line.client.run(task: RunTask(param: String(repeating: "x", count: 2_000)))
        }
        #expect(error?.code == .tooLarge)
        #expect(line.agent.started.withLock { $0 } == 0)
        #expect(try await line.client.run(task: RunTask(taskId: 1)).taskId == 1)
        await line.close()
    }

    /// It ran, so this must not read as a call that was too large to be sent.
    @Test(arguments: Transport.allCases) func anAnswerAboveTheFrameLimitIsAnErrorOfItsOwn(_ transport: Transport)
        async throws
    {
        let line = try await Line(transport, limits: ThriftLimits(frameBytes: 1_000))
        let error = await #expect(throws: ThriftError.self) {
            try await line.client.run(task: RunTask(func: "verbose"))
        }
        #expect(error?.code == .invalidData)
        #expect(error?.message.contains("the answer takes") == true)
        #expect(line.agent.started.withLock { $0 } == 1)
        await line.close()
    }
}
