import ElvesContracts
import Synchronization
import TestSupport
import Testing
import Thrift
import ThriftNIO

@Suite struct ThriftConnectionTests {
    @Test(arguments: [ThriftEncoding.binary, .compact])
    func aCallIsAnswered(in encoding: ThriftEncoding) async throws {
        var options = Pair.options
        options.encoding = encoding
        let pair = try await Pair(options: options)
        let text = String(repeating: "grüße 🧝 ", count: 10_000)
        let result = try await pair.client.run(task: RunTask(taskId: 7, func: "echo", param: text))
        #expect(result.taskId == 7)
        #expect(result.message == text)
        #expect(result.state == .succeeded)
        await pair.server.close()
    }

    @Test func manyCallsShareAConnection() async throws {
        let pair = try await Pair()
        let sum = try await withThrowingTaskGroup(of: Int64.self) { group in
            for number in 1...500 {
                group.addTask { try await pair.client.run(task: RunTask(taskId: Int64(number))).taskId }
            }
            return try await group.reduce(0, +)
        }
        #expect(sum == 125_250)
        #expect(pair.connection.callsInFlight == 0)
        await pair.server.close()
    }

    @Test func oneCallTooManyIsRefusedByTheCaller() async throws {
        var options = Pair.options
        options.callsOut = 2
        let pair = try await Pair(options: options)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 1...2 { group.addTask { _ = try await pair.client.run(task: RunTask(func: "hold")) } }
            try await eventually("two calls are held") { pair.agent.started.withLock { $0 } == 2 }
            let error = await #expect(throws: ThriftError.self) { try await pair.client.run(task: RunTask()) }
            #expect(error?.code == .overloaded)
            try await eventually("both can be let go") {
                pair.agent.release()
                return pair.connection.callsInFlight == 0
            }
            try await group.waitForAll()
        }
        await pair.server.close()
    }

    @Test func oneCallTooManyIsRefusedByTheServer() async throws {
        var limited = Pair.options
        limited.callsIn = 2
        let pair = try await Pair(serverOptions: limited)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 1...2 { group.addTask { _ = try await pair.client.run(task: RunTask(func: "hold")) } }
            try await eventually("two calls are held") { pair.agent.started.withLock { $0 } == 2 }
            let error = await #expect(throws: ThriftError.self) { try await pair.client.run(task: RunTask()) }
            #expect(error?.code == .overloaded)
            try await eventually("both can be let go") {
                pair.agent.release()
                return pair.connection.callsInFlight == 0
            }
            try await group.waitForAll()
        }
        await pair.server.close()
    }

    @Test func callsInFlightEndWithTheConnection() async throws {
        let pair = try await Pair()
        let call = Task { try await pair.client.run(task: RunTask(func: "hang")) }
        try await eventually("the call arrived") { pair.agent.started.withLock { $0 } == 1 }
        await pair.server.close()
        let error = await #expect(throws: ThriftError.self) { try await call.value }
        #expect(error?.code == .connectionLost)
        let late = await #expect(throws: ThriftError.self) { try await pair.client.run(task: RunTask()) }
        #expect(late?.code == .notConnected)
        try await eventually("the handler was cancelled") { pair.agent.cancelled.withLock { $0 } == 1 }
    }
}
