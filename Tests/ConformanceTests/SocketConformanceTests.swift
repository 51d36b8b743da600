import NIOCore
import NIOPosix
import Testing
import Thrift
import ThriftNIO

/// Calls over real sockets between us and libraries that know nothing of us, in both directions.
@Suite(.timeLimit(PeerPrograms.timeLimit)) struct SocketConformanceTests {
    private var options: ConnectionOptions {
        var options = ConnectionOptions()
        options.requiresHello = false
        return options
    }

    @Test(arguments: PeerPrograms.Library.allCases, ThriftEncoding.both)
    func theirClientCallsOurServer(library: PeerPrograms.Library, encoding: ThriftEncoding) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let server = ThriftServer(
            [PeerProcessor(EchoHandler())], security: .plaintext(peer: .local), options: options, group: group)
        guard case .tcp(_, let port) = try await server.listen(on: .tcp(host: "127.0.0.1", port: 0)) else {
            Issue.record("not a TCP port")
            return
        }
        for style in ["plain", "multiplexed"] {
            let client = try library.calls("client", encoding.word, "\(port)", style)
            #expect(try client.readLine() == "ok", "\(style)")
        }
        await server.close()
        try await group.shutdownGracefully()
    }

    @Test(arguments: PeerPrograms.Library.allCases, ThriftEncoding.both)
    func ourClientCallsTheirServer(library: PeerPrograms.Library, encoding: ThriftEncoding) async throws {
        let server = try library.calls("server", encoding.word)
        let announced = try server.readLine()
        let port = try #require(Int(announced.dropFirst(3)), "\(announced)")
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var options = options
        options.encoding = encoding
        let connection = try await ThriftDialer(
            .tcp(host: "127.0.0.1", port: port), security: .plaintext(peer: .local), options: options, group: group
        ).dial()
        try await call(PeerClient(connection))
        connection.close()
        try await group.shutdownGracefully()
    }

    private func call(_ peer: PeerClient) async throws {
        try await peer.ping()
        #expect(try await peer.echo(everything: Samples.everything) == Samples.everything)
        let minus = try await peer.echo(everything: Samples.everything).scalars.real
        #expect(minus == 0 && minus.sign == .minus)
        var odd = Everything()
        odd.scalars.real = .nan
        #expect(try await peer.echo(everything: odd).scalars.real.isNaN)
        #expect(try await peer.sum(numbers: [1, 2, .max], plus: -3) == .max)
        #expect(try await peer.concat(left: "zwölf ", right: "🐟") == "zwölf 🐟")
        #expect(try await peer.reversed(bytes: [0, 1, 0xFF]) == [0xFF, 1, 0])
        let choices = try await peer.choices(colors: [.minus, .darkBlue, Color(rawValue: 99)])
        #expect(choices == ["-5": .color(.minus), "7": .color(.darkBlue), "99": .color(Color(rawValue: 99))])
        #expect(try await peer.fail(how: 0) == 0)
        let oops = await #expect(throws: Oops.self) { try await peer.fail(how: 1) }
        #expect(oops == Oops(why: "tôld so", number: 11))
        let nope = await #expect(throws: Nope.self) { try await peer.fail(how: 2) }
        #expect(nope?.color == .darkBlue)
        await #expect(throws: ThriftError.self) { try await peer.fail(how: 3) }
        try await peer.failVoid(really: false)
        await #expect(throws: Oops.self) { try await peer.failVoid(really: true) }
        let before = try await peer.told()
        try await peer.tell(number: 4)
        try await peer.tell(number: 5)
        #expect(try await peer.told() == before + 9)
        let sum = try await peer.names(
            reader: 1, field: 2, writer: 3, call: 4, handler: 5, options: 6, context: 7, reply: 8, outer: 9)
        #expect(sum == 45)
        #expect(try await peer.shorten(newer: Samples.newer) == Older(kept: 5, last: "end"))
    }
}
