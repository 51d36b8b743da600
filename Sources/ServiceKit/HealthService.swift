internal import Hummingbird
internal import NIOCore
package import ServiceLifecycle
package import ThriftNIO

extension Component {
    /// `/healthz`, `/readyz` and `/metrics` over plain HTTP, at the setting `health.listen`.
    package func healthService(at address: ThriftAddress) throws -> any Service {
        guard case .tcp(let host, let port) = address else {
            throw SettingError(key: "health.listen", problem: "is host:port")
        }
        let router = Router()
        router.get("/healthz") { _, _ in "ok\n" }
        router.get("/readyz") { [health] _, _ -> Response in
            let problems = health.problems()
            let text = problems.isEmpty ? "ready\n" : problems.joined(separator: "\n") + "\n"
            return Response(
                status: problems.isEmpty ? .ok : .serviceUnavailable,
                body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
        router.get("/metrics") { [metrics] _, _ in metrics.prometheusText() }
        return Application(
            router: router, configuration: .init(address: .hostname(host, port: port), serverName: "elves-\(role)"),
            eventLoopGroupProvider: .shared(group), logger: logger)
    }
}
