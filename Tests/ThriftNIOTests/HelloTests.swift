import ElvesContracts
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing
import Thrift
import ThriftNIO

@Suite struct HelloTests {
    @Test func bothSidesLearnWhoTheOtherIs() async throws {
        let pair = try await Pair()
        #expect(pair.connection.hello.instance == "test")
        #expect(pair.server.openConnections.map(\.hello.instance) == ["test"])
        await pair.server.close()
    }

    @Test func versionsWithoutOverlapAreRefused() async throws {
        let pair = try await Pair()
        var future = Pair.options
        future.hello.oldest = 5
        future.hello.newest = 6
        let dialer = ThriftDialer(
            pair.address, security: .plaintext(peer: .local), options: future, group: .singleton)
        let error = await #expect(throws: ThriftError.self) { try await dialer.dial() }
        #expect(error?.code == .versionMismatch)
        #expect(error?.message.contains("upgrade the older side") == true)
        await pair.server.close()
    }

    @Test func aCallBeforeHelloEndsTheConnection() async throws {
        let pair = try await Pair()
        var rude = Pair.options
        rude.requiresHello = false
        let connection = try await ThriftDialer(
            pair.address, security: .plaintext(peer: .local), options: rude, group: .singleton
        ).dial()
        let error = await #expect(throws: ThriftError.self) {
            try await AgentServiceClient(connection).run(task: RunTask())
        }
        #expect(error?.code == .connectionLost)
        #expect(pair.agent.started.withLock { $0 } == 0)
        await pair.server.close()
    }

    @Test func aPeerThatSaysNothingIsDropped() async throws {
        var options = Pair.options
        options.helloTimeout = .milliseconds(200)
        let pair = try await Pair(options: options)
        guard case .tcp(let host, let port) = pair.address else { return }
        let silent = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: host, port: port).get()
        try await silent.closeFuture.get()
        #expect(pair.connection.isOpen)
        await pair.server.close()
    }

    @Test func anAdmissionCheckTurnsAPeerAway() async throws {
        let server = ThriftServer(
            [], security: .plaintext(peer: Pair.scheduler), options: Pair.options, group: .singleton,
            admit: { _ in throw ThriftError(.refused, "one of you is enough") })
        let address = try await server.listen(on: .tcp(host: "127.0.0.1", port: 0))
        let dialer = ThriftDialer(
            address, security: .plaintext(peer: .local), options: Pair.options, group: .singleton)
        let error = await #expect(throws: ThriftError.self) { try await dialer.dial() }
        #expect(error?.message == "one of you is enough")
        await server.close()
    }

    @Test(arguments: [
        [UInt8](repeating: 0xFF, count: 64), Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8),
        [0, 0, 0, 4, 1, 2, 3, 4], [0, 0, 0, 0],
    ])
    func garbageEndsTheConnectionAndNothingElse(_ garbage: [UInt8]) async throws {
        let pair = try await Pair()
        guard case .tcp(let host, let port) = pair.address else { return }
        let stranger = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: host, port: port).get()
        try await stranger.writeAndFlush(ByteBuffer(bytes: garbage))
        try await stranger.closeFuture.get()
        #expect(try await pair.client.run(task: RunTask(taskId: 1)).taskId == 1)
        await pair.server.close()
    }
}
