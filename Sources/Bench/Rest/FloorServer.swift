internal import Foundation
internal import Hummingbird
internal import Logging

/// The floor of the REST path: a bare Hummingbird route that decodes and encodes the same bodies.
enum FloorServer {
    struct Ask: Decodable {
        let app: String
        let function: String
        let target: String
        let param: [String: String]
        let timeout: Int
    }

    struct Agent: Codable {
        let id: String
        let ip: String
        let name: String
    }

    struct Output: Codable {
        var head = ""
        var tail = ""
        var dropped = 0
    }

    struct Answer: ResponseEncodable, Codable {
        var id = "0123456789abcdef"
        let app: String
        let function: String
        let param: [String: String]
        let agent: Agent
        var state = "succeeded"
        var attempt = 1
        var result = ["text": "hello"]
        var message = ""
        var flag = 1
        var version = "1.0.0"
        var exit_code = 0
        var cost_ms = 0
        let timeout_ms: Int
        var stdout = Output()
        var stderr = Output()
        var created_at = "2026-01-02T03:04:05.678Z"
        var dispatched_at = "2026-01-02T03:04:05.678Z"
        var ended_at = "2026-01-02T03:04:05.678Z"
        var labels: [String: String] = [:]
        var trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    }

    static func run() async throws {
        let router = Router()
        router.post("/api/v3/tasks") { request, context -> Answer in
            let ask = try await request.decode(as: Ask.self, context: context)
            return Answer(
                app: ask.app, function: ask.function, param: ask.param,
                agent: Agent(id: "0123456789abcdef", ip: ask.target, name: "bench"), timeout_ms: ask.timeout * 1000)
        }
        var quiet = Logger(label: "floor")
        quiet.logLevel = .error
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { StandardInput.answer("\($0.localAddress?.port ?? 0)") }, logger: quiet)
        try await application.runService()
    }
}
