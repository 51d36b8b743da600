import Crypto
import ElvesContracts
import Foundation
import Identity
import NIOCore
import NIOPosix
import NIOSSL
import ServiceCore
import SwiftASN1
import Synchronization
import TestSupport
import Testing
import Thrift
import ThriftNIO
import X509

/// Every way in which two ends do not go together: both say what is wrong, and the server goes on serving.
@Suite(.timeLimit(.minutes(1))) struct MutualTLSTests {
    @Test func bothSidesKnowTheOtherByItsCertificate() async throws {
        let hall = try await Hall()
        let connection = try await hall.dial(hall.ours.identity("scheduler").client(), expecting: "supervisor")
        #expect(connection.peer == PeerIdentity(role: "supervisor", instance: "supervisor-1"))
        #expect(hall.server.openConnections.map(\.peer) == [PeerIdentity(role: "scheduler", instance: "scheduler-1")])
        try await hall.close()
    }

    @Test func anAgentIsItsIdAndItsIp() async throws {
        let hall = try await Hall()
        let agent = try hall.ours.identity("agent", "00a1b2c3d4e5f607", ip: "fd00::7")
        _ = try await hall.dial(agent.client())
        let seen = hall.server.openConnections.map(\.peer)
        #expect(seen == [PeerIdentity(role: "agent", instance: "00a1b2c3d4e5f607", ip: "fd00::7")])
        try await hall.close()
    }

    @Test func aDiallerOfAnotherAuthority() async throws {
        let hall = try await Hall()
        let stranger = try hall.theirs.files("scheduler")
        let ours = try hall.ours.files("scheduler")
        let mixed = try TLSIdentity(certificate: stranger.certificate, key: stranger.key, authority: ours.authority)
        try await hall.refuses(
            try mixed.client(), dialler: (.identityInvalid, "does not take this side's certificate"),
            server: (.identityInvalid, "certificate of scheduler/scheduler-1 is not of the authority"))
        try await hall.close()
    }

    @Test func aServerOfAnotherAuthority() async throws {
        let hall = try await Hall()
        try await hall.refuses(
            try hall.theirs.identity("scheduler").client(),
            dialler: (.identityInvalid, "certificate of supervisor/supervisor-1 is not of the authority"),
            server: (.identityInvalid, "does not take this side's certificate"))
        try await hall.close()
    }

    @Test func anExpiredCertificateOfTheDialler() async throws {
        let hall = try await Hall()
        let old = try hall.ours.identity("scheduler", validFor: .seconds(60), age: .seconds(7_200))
        try await hall.refuses(
            try old.client(), dialler: (.identityExpired, "this side's certificate is out of date"),
            server: (.identityExpired, "certificate of scheduler/scheduler-1 is out of date"))
        try await hall.close()
    }

    @Test func anExpiredCertificateOfTheServer() async throws {
        let hall = try await Hall { try $0.identity("supervisor", validFor: .seconds(60), age: .seconds(7_200)) }
        try await hall.refuses(
            try hall.ours.identity("scheduler").client(),
            dialler: (.identityExpired, "certificate of supervisor/supervisor-1 is out of date"),
            server: (.identityExpired, "this side's certificate is out of date"), thenServes: false)
        try await hall.close()
    }

    @Test func aCertificateOfTomorrow() async throws {
        let hall = try await Hall()
        let early = try hall.ours.identity("scheduler", validFor: .seconds(86_400), age: .seconds(-7_200))
        try await hall.refuses(
            try early.client(), dialler: (.identityExpired, "or not valid yet"),
            server: (.identityExpired, "is not valid yet"))
        try await hall.close()
    }

    @Test func noCertificateAtAll() async throws {
        let hall = try await Hall()
        try await hall.refuses(
            try Self.client(trusting: hall.ours) { _ in },
            dialler: (.identityMissing, "the peer wants a certificate"),
            server: (.identityMissing, "the peer showed no certificate"))
        try await hall.close()
    }

    @Test(arguments: [
        ("https://elves.dev/scheduler", "has no name of the form elves://role/instance"),
        ("elves://scheduler", "has no name of the form elves://role/instance"),
        ("elves://scheduler/a/b", "has no name of the form elves://role/instance"),
        ("elves://local/x", "no certificate can give its peer the role local"),
        ("elves://none/x", "no certificate can give its peer the role none"),
        ("elves://any/x", "no certificate can give its peer the role any"),
    ])
    func aCertificateWithoutAUsableName(name: String, reason: String) async throws {
        let hall = try await Hall()
        try await hall.refuses(
            try Self.client(trusting: hall.ours, named: name),
            dialler: (.refused, "ended the connection instead of answering the hello"),
            server: (.identityInvalid, reason))
        try await hall.close()
    }

    @Test func aCertificateForServersOnly() async throws {
        let hall = try await Hall()
        try await hall.refuses(
            try Self.client(trusting: hall.ours, named: "elves://scheduler/scheduler-1", usages: [.serverAuth]),
            dialler: (.identityInvalid, "does not take this side's certificate"),
            server: (.identityInvalid, "or not for this use"))
        try await hall.close()
    }

    @Test func aServerOfAnotherRole() async throws {
        let hall = try await Hall()
        try await hall.refuses(
            try hall.ours.identity("scheduler").client(), expecting: "heartbeat",
            dialler: (.refused, "is supervisor/supervisor-1, expected the role heartbeat"),
            server: (.connectionLost, "scheduler/scheduler-1 left before its hello"))
        try await hall.close()
    }

    @Test func anOlderTLS() async throws {
        let hall = try await Hall()
        let files = try hall.ours.files("scheduler")
        let old = try Self.client(trusting: hall.ours) { configuration in
            configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(files.certificate).map {
                .certificate($0)
            }
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: files.key, format: .pem))
            configuration.minimumTLSVersion = .tlsv12
            configuration.maximumTLSVersion = .tlsv12
        }
        try await hall.refuses(
            old, dialler: (.refused, "no TLS version in common"), server: (.refused, "no TLS version in common"))
        try await hall.close()
    }

    @Test func plaintextToATLSPort() async throws {
        let hall = try await Hall()
        try await hall.refuses(
            .plaintext(peer: .local), dialler: (.invalidData, "the peer speaks TLS; this side does not"),
            server: (.refused, "the peer does not speak TLS"))
        try await hall.close()
    }

    @Test func tlsToAPlaintextPort() async throws {
        let hall = try await Hall(isPlain: true)
        try await hall.refuses(
            try hall.ours.identity("scheduler").client(),
            dialler: (.refused, "the peer ended the connection during the TLS handshake"),
            server: (.invalidData, "the peer speaks TLS; this side does not"))
        try await hall.close()
    }

    @Test(arguments: [Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8), [UInt8](repeating: 0xFF, count: 64)])
    func whatIsNoTLS(_ bytes: [UInt8]) async throws {
        let hall = try await Hall()
        let stranger = try await hall.connect()
        try await stranger.writeAndFlush(ByteBuffer(bytes: bytes))
        try await stranger.closeFuture.get()
        try await eventually("the server says why") { hall.turnedAway.contains { $0.code == .refused } }
        #expect(hall.turnedAway.allSatisfy { $0.message.contains("TLS") })
        try await hall.serves()
        try await hall.close()
    }

    /// Nothing at all, and a handshake that begins and never goes on.
    @Test(arguments: [[], [0x16, 0x03, 0x01, 0x02, 0x00, 0x01]] as [[UInt8]])
    func aHandshakeThatStalls(_ bytes: [UInt8]) async throws {
        let hall = try await Hall(helloTimeout: .milliseconds(300))
        let stranger = try await hall.connect()
        if !bytes.isEmpty { try await stranger.writeAndFlush(ByteBuffer(bytes: bytes)) }
        try await stranger.closeFuture.get()
        try await eventually("the server says why") {
            hall.turnedAway.contains { $0.message.contains("no hello within") }
        }
        try await hall.serves()
        try await hall.close()
    }

    /// A dialler that trusts the authority, otherwise as `change` says.
    private static func client(
        trusting authority: TestAuthority, _ change: (inout TLSConfiguration) throws -> Void
    ) throws -> TransportSecurity {
        var configuration = TLSConfiguration.makeClientConfiguration()
        let root = try NIOSSLCertificate(bytes: Array(authority.authority.certificate.utf8), format: .pem)
        configuration.trustRoots = .certificates([root])
        configuration.certificateVerification = .noHostnameVerification
        try change(&configuration)
        return .mutualTLS(try NIOSSLContext(configuration: configuration))
    }

    /// A dialler with a certificate that the authority's key signed and the authority itself would not.
    private static func client(
        trusting authority: TestAuthority, named uri: String,
        usages: [ExtendedKeyUsage.Usage] = [.clientAuth, .serverAuth]
    ) throws -> TransportSecurity {
        let keyFile = authority.folder.appending(path: "authority-key.pem")
        let issuerKey = try P256.Signing.PrivateKey(pemRepresentation: String(contentsOf: keyFile, encoding: .utf8))
        let issuer = try Certificate(pemEncoded: authority.authority.certificate)
        let key = P256.Signing.PrivateKey()
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: .init(key.publicKey),
            notValidBefore: Date().addingTimeInterval(-60), notValidAfter: Date().addingTimeInterval(3_600),
            issuer: issuer.subject, subject: try DistinguishedName { CommonName("odd") },
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage(usages)
                SubjectAlternativeNames([GeneralName.uniformResourceIdentifier(uri)])
            },
            issuerPrivateKey: Certificate.PrivateKey(issuerKey))
        return try client(trusting: authority) { configuration in
            let shown = try NIOSSLCertificate(
                bytes: Array(try certificate.serializeAsPEM().pemString.utf8), format: .pem)
            configuration.certificateChain = [.certificate(shown)]
            configuration.privateKey = .privateKey(
                try NIOSSLPrivateKey(bytes: Array(key.pemRepresentation.utf8), format: .pem))
        }
    }
}

/// A listener with mutual TLS, and two authorities of which it trusts one.
private final class Hall: Sendable {
    let ours: TestAuthority
    let theirs: TestAuthority
    let server: ThriftServer
    private let address: ThriftAddress
    private let isPlain: Bool
    private let reasons: Reasons

    private final class Reasons: Sendable {
        let all = Mutex<[ThriftError]>([])
    }

    init(
        isPlain: Bool = false, helloTimeout: Duration = .seconds(10),
        as identity: (TestAuthority) throws -> TLSIdentity = { try $0.identity("supervisor") }
    ) async throws {
        ours = try TestAuthority()
        theirs = try TestAuthority()
        self.isPlain = isPlain
        var options = Pair.options
        options.helloTimeout = helloTimeout
        let reasons = Reasons()
        self.reasons = reasons
        server = ThriftServer(
            [AgentServiceProcessor(ScriptedAgent())],
            security: isPlain ? .plaintext(peer: Pair.scheduler) : try identity(ours).server(), options: options,
            group: .singleton,
            turnedAway: { address, reason in
                #expect(address.contains("127.0.0.1"))
                reasons.all.withLock { $0.append(reason) }
            })
        address = try await server.listen(on: .tcp(host: "127.0.0.1", port: 0))
    }

    /// Why connections were turned away, in their order.
    var turnedAway: [ThriftError] { reasons.all.withLock { $0 } }

    func dial(_ security: TransportSecurity, expecting role: String? = nil) async throws -> ThriftConnection {
        try await ThriftDialer(
            address, security: security, expecting: role, options: Pair.options, group: .singleton
        ).dial()
    }

    /// A connection without any protocol.
    func connect() async throws -> any Channel {
        guard case .tcp(let host, let port) = address else { throw CancellationError() }
        return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: host, port: port).get()
    }

    /// Both sides hear what is wrong, nothing of the connection stays, and the next one is served.
    func refuses(
        _ security: TransportSecurity, expecting role: String? = nil,
        dialler: (code: ThriftError.Code, words: String), server expected: (code: ThriftError.Code, words: String),
        thenServes: Bool = true, at location: SourceLocation = #_sourceLocation
    ) async throws {
        let error = await #expect(throws: ThriftError.self, sourceLocation: location) {
            _ = try await self.dial(security, expecting: role)
        }
        #expect(error?.code == dialler.code, "\(error?.message ?? "")", sourceLocation: location)
        #expect(error?.message.contains(dialler.words) == true, "\(error?.message ?? "")", sourceLocation: location)
        try await eventually("the server says why") { !self.turnedAway.isEmpty }
        let reason = turnedAway.first
        #expect(turnedAway.count == 1, "\(turnedAway)", sourceLocation: location)
        #expect(reason?.code == expected.code, "\(reason?.message ?? "")", sourceLocation: location)
        #expect(reason?.message.contains(expected.words) == true, "\(reason?.message ?? "")", sourceLocation: location)
        try await eventually("nothing of it stays") { self.server.openConnections.isEmpty }
        if thenServes { try await serves() }
    }

    /// A good call is answered.
    func serves() async throws {
        let security = isPlain ? .plaintext(peer: .local) : try ours.identity("scheduler").client()
        let connection = try await dial(security)
        #expect(try await AgentServiceClient(connection).run(task: RunTask(taskId: 1)).taskId == 1)
        connection.close()
    }

    func close() async throws { await server.close() }
}
