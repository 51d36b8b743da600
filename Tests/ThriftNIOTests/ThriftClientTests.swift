import ElvesContracts
import NIOPosix
import TestSupport
import Testing
import Thrift
import ThriftNIO

@Suite struct ThriftClientTests {
    @Test func theNextCallWorksAfterARestart() async throws {
        let first = try await Pair()
        let client = ThriftClient(
            ThriftDialer(first.address, security: .plaintext(peer: .local), options: Pair.options, group: .singleton),
            patience: .seconds(10))
        let running = Task { await client.run() }
        defer { running.cancel() }
        let calls = AgentServiceClient(client)
        #expect(try await calls.run(task: RunTask(taskId: 1)).taskId == 1)

        await first.server.close()
        try await eventually("the client noticed") { client.connection == nil }
        let second = ThriftServer(
            [AgentServiceProcessor(ScriptedAgent())], security: .plaintext(peer: Pair.scheduler),
            options: Pair.options, group: .singleton)
        _ = try await second.listen(on: first.address)
        #expect(try await calls.run(task: RunTask(taskId: 2)).taskId == 2)
        await second.close()
    }

    @Test func withoutAServerACallFailsAndSaysWhy() async throws {
        let client = ThriftClient(
            ThriftDialer(
                .tcp(host: "127.0.0.1", port: 1), security: .plaintext(peer: .local), options: Pair.options,
                group: .singleton), patience: .milliseconds(200))
        let running = Task { await client.run() }
        defer { running.cancel() }
        let error = await #expect(throws: ThriftError.self) {
            try await AgentServiceClient(client).run(task: RunTask())
        }
        #expect(error?.code == .notConnected)
        #expect(error?.message.contains("127.0.0.1:1") == true)
    }

    @Test func aCallWaitsForTheConnectionNoLongerThanItMayTake() async throws {
        let client = ThriftClient(
            ThriftDialer(
                .tcp(host: "127.0.0.1", port: 1), security: .plaintext(peer: .local), options: Pair.options,
                group: .singleton), patience: .seconds(60))
        let start = ContinuousClock.now
        let error = await #expect(throws: ThriftError.self) {
            try await AgentServiceClient(client).run(
                task: RunTask(), options: CallOptions(timeout: .milliseconds(100)))
        }
        #expect(error?.code == .notConnected)
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func backoffStaysUnderAGrowingBound() {
        var backoff = Backoff(first: .milliseconds(100), longest: .seconds(10))
        let waits = (0..<12).map { _ in backoff.next(random: 0.999) }
        #expect(waits[0] < .milliseconds(100))
        #expect(waits[3] > .milliseconds(700))
        #expect(waits.allSatisfy { $0 < .seconds(10) })
        backoff.reset()
        #expect(backoff.next(random: 0.5) == .milliseconds(50))
    }

    @Test func callsGoOverAUnixSocket() async throws {
        let path = "/tmp/elves-thrift-\(UInt64.random(in: 0...(.max))).sock"
        let server = ThriftServer(
            [AgentServiceProcessor(ScriptedAgent())], security: .plaintext(peer: Pair.scheduler),
            options: Pair.options, group: .singleton)
        _ = try await server.listen(on: .unix(path: path))
        let connection = try await ThriftDialer(
            .unix(path: path), security: .plaintext(peer: .local), options: Pair.options, group: .singleton
        ).dial()
        #expect(try await AgentServiceClient(connection).run(task: RunTask(taskId: 5)).taskId == 5)
        await server.close()
    }
}
