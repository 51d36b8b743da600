import ElvesCLI
import Foundation
import Hummingbird
import Logging
import Synchronization

/// An HTTP server on a free port of the loopback interface that answers from a table and keeps what
/// it was asked.
final class FakeCenter: Sendable {
    /// A request as the server saw it.
    struct Asked: Sendable, Hashable {
        var line: String
        var body: String
        var authorization: String?
    }

    typealias Answer = @Sendable (Asked) -> (Int, String)

    private let seen = Mutex<[Asked]>([])
    private let answer: Answer

    /// What it was asked so far.
    var asked: [Asked] { seen.withLock { $0 } }

    private init(_ answer: @escaping Answer) { self.answer = answer }

    /// Runs `body` against a center that answers by `table`: `METHOD path` without query to JSON.
    static func run<Result: Sendable>(
        _ table: [String: String], _ body: @Sendable (String, FakeCenter) async throws -> Result
    ) async throws -> Result {
        try await run(
            answering: { asked in
                let key = asked.line.prefix { $0 != "?" }
                if let text = table[String(key)] { return (200, text) }
                return (404, problem(404, "openapi.route.unknown", "no such path: \(key)"))
            }, body)
    }

    static func run<Result: Sendable>(
        answering answer: @escaping Answer, _ body: @Sendable (String, FakeCenter) async throws -> Result
    ) async throws -> Result {
        let center = FakeCenter(answer)
        let router = Router()
        router.on("**", method: .get) { request, _ in try await center.respond(request) }
        router.on("**", method: .post) { request, _ in try await center.respond(request) }
        router.on("**", method: .delete) { request, _ in try await center.respond(request) }
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        var quiet = Logger(label: "fake")
        quiet.logLevel = .critical
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.yield($0.localAddress?.port ?? 0) }, logger: quiet)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            defer { group.cancelAll() }
            for await number in ports { return try await body("http://127.0.0.1:\(number)", center) }
            throw CancellationError()
        }
    }

    static func problem(_ status: Int, _ code: String, _ detail: String, hint: String = "") -> String {
        let detail = detail.replacing("\"", with: "\\\"")
        return #"{"type":"x","title":"T","status":\#(status),"code":"\#(code)","detail":"\#(detail)","#
            + #""hint":"\#(hint)","retryable":false,"trace":"4bf9","details":{}}"#
    }

    private func respond(_ request: Request) async throws -> Response {
        let bytes = try await request.body.collect(upTo: 1 << 20)
        let asked = Asked(
            line: "\(request.method.rawValue) \(request.uri.string)", body: String(buffer: bytes),
            authorization: request.headers[.authorization])
        seen.withLock { $0.append(asked) }
        let (status, text) = answer(asked)
        return Response(
            status: .init(code: status), headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}

/// Runs a whole command in memory.
enum Command {
    static func run(
        _ arguments: [String], url: String? = nil, environment: [String: String] = [:],
        terminal: RecordingTerminal = RecordingTerminal(),
        now: @escaping @Sendable () -> Date = { Date(timeIntervalSince1970: 1_700_000_000) },
        interrupts: AsyncStream<Void>? = nil
    ) async -> (CommandStatus, RecordingTerminal) {
        var environment = environment
        if let url {
            environment["ELVES_URL"] = url
            environment["ELVES_TOKEN"] = environment["ELVES_TOKEN"] ?? "test-token"
        }
        let context = CommandContext(
            environment: environment, terminal: terminal, now: now, clock: ContinuousClock(),
            interrupts: { interrupts ?? AsyncStream { $0.finish() } })
        let status = await ElvesCommand.main(arguments, context: context)
        return (status, terminal)
    }
}

/// A folder of this test alone, deleted with it.
final class ScratchFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "elves-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ text: String, to name: String) throws -> String {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return file.path(percentEncoded: false)
    }

    var path: String { url.path(percentEncoded: false) }
}
