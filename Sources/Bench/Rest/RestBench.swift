internal import Crypto
internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import ThriftNIO

/// Signed synchronous calls through REST, openapi, scheduler, an agent's channel and back.
struct RestBench {
    let agents: Int
    let callers: Int
    let duration: Duration
    let apps: String

    func run() async throws -> [Figure] {
        print("off: the worker process, and the installer of packages; on: everything else")
        let floor = try await measureFloor()
        let bench = try await BenchCenter(apps: apps)
        defer { bench.stop() }
        let fleet = try await bench.startFleet(agents)
        defer { for shard in fleet { shard.stop() } }
        let port = bench.folder.url.port ?? 80
        _ = try await load(port, callers: callers, for: .seconds(2), center: bench.folder)
        let before = bench.processorSeconds().merging(Self.own(fleet)) { $1 }
        let many = try await load(port, callers: callers, for: duration, center: bench.folder)
        for (name, seconds) in bench.processorSeconds().merging(Self.own(fleet), uniquingKeysWith: { $1 }).sorted(by: <)
        {
            let perCall = (seconds - (before[name] ?? 0)) / Double(max(1, many.recorder.count)) * 1_000_000
            print("  \(name): \(Int(perCall)) µs of processor time a call")
        }
        let one = try await load(port, callers: 1, for: .seconds(3), center: bench.folder)
        return [
            Figure(
                "rt, \(agents) agents, \(callers) callers", many.rate, "calls/s", beside: floor.rate,
                of: "bare Hummingbird route", target: 0.4),
            Figure("rt, p50", many.recorder.percentile(50), "ms"),
            Figure("rt, p99", many.recorder.percentile(99), "ms"),
            Figure("rt, one caller, p50", one.recorder.percentile(50), "ms", beside: 1, of: "ms wanted"),
            Figure("rt, one caller, p99", one.recorder.percentile(99), "ms"),
        ]
    }

    /// Processor seconds of the emulator and of this program, which makes the load.
    private static func own(_ fleet: [ChildProcess]) -> [String: Double] {
        [
            "emulated agents": fleet.reduce(0) { $0 + ProcessFacts.processorSeconds($1.pid) },
            "load": ProcessFacts.processorSeconds(ProcessInfo.processInfo.processIdentifier),
        ]
    }

    private func measureFloor() async throws -> Load {
        let server = try ChildProcess.own(["floor-server"])
        defer { server.stop() }
        guard case .tcp(_, let port) = try await server.port() else { throw BenchFailure("the floor has no port") }
        return try await load(port, callers: callers, for: duration, center: nil)
    }

    struct Load {
        let rate: Double
        let recorder: Recorder
    }

    /// Calls spread over the agents; without a center nothing is signed.
    private func load(_ port: Int, callers: Int, for duration: Duration, center: CenterFolder?) async throws -> Load {
        var open: [HTTPConnection] = []
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { group.shutdownGracefully { _ in } }
        let executors = LoopExecutors(group)
        for _ in 0..<callers {
            open.append(try await HTTPConnection.open(host: "127.0.0.1", port: port, group: group))
        }
        let connections = open
        defer { for connection in connections { connection.close() } }
        let signer = center.map { CallSigner(id: $0.authID, secret: $0.secret) }
        let recorder = Recorder()
        let agents = agents
        let rate = await ClosedLoop.run(
            callers: callers, for: duration, recorder: recorder,
            on: { executors.executor(of: connections[$0].loop) }
        ) { caller, number in
            let ip = FleetSeat.address((caller * 7919 + number) % agents)
            let body =
                #"{"app":"hello","function":"greet","target":""# + ip + #"","param":{"name":"Ada"},"timeout":10}"#
            let signature = signer?.header(path: "/api/v3/tasks", query: "wait=30", body: body) ?? ""
            let (status, answer) = try await connections[caller].send(
                "POST /api/v3/tasks?wait=30 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + signature + "Content-Length: \(body.utf8.count)\r\n\r\n" + body)
            guard status == 200 else { throw BenchFailure("HTTP \(status) \(String(buffer: answer).prefix(200))") }
        }
        for (kind, count) in recorder.failures.sorted(by: { $0.value > $1.value }).prefix(3) {
            print("  \(count) × \(kind)")
        }
        return Load(rate: rate, recorder: recorder)
    }
}

/// Signs calls as docs/reference/rest.md says, with the key prepared once.
struct CallSigner: Sendable {
    private let id: String
    private let key: SymmetricKey

    init(id: String, secret: String) {
        self.id = id
        key = SymmetricKey(data: Data(secret.utf8))
    }

    func header(path: String, query: String, body: String) -> String {
        let time = Int(Date.now.timeIntervalSince1970)
        let nonce = String(UInt64.random(in: 0...(.max)), radix: 16)
        let digest = Self.hex(SHA256.hash(data: Data(body.utf8)))
        let text = "POST\n\(path)\n\(query)\n\(time)\n\(nonce)\n\(digest)"
        let signature = Self.hex(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key))
        return "Authorization: ELVES-HMAC-SHA256 auth_id=\(id), timestamp=\(time), nonce=\(nonce), "
            + "signature=\(signature)\r\n"
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
