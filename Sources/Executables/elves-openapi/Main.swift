import ElvesCore
import OpenAPI
import ServiceCore
import ServiceKit
import ServiceLifecycle
import ThriftNIO

@main
struct Main {
    static func main() async {
        await Component.main("openapi") { component in
            guard case .tcp(let host, let port) = try component.settings.requiredAddress("http.listen") else {
                throw ElvesError(.elvesConfigInvalid, "setting http.listen is host:port, such as 127.0.0.1:8080")
            }
            let scheduler = try component.optionalClient("scheduler")
            let heartbeat = try component.optionalClient("heartbeat")
            let supervisor = try component.optionalClient("supervisor")
            let key = try ConfiguredKey.needed(
                file: component.settings.text("key.file"), hasSupervisor: supervisor != nil)
            let edge = OpenAPIService(
                configuration: OpenAPIConfiguration(
                    host: host, port: port, instance: component.instance, version: ElvesVersion.current, key: key,
                    metricsText: { [metrics = component.metrics] in metrics.prometheusText() }),
                ports: Ports(
                    scheduler: scheduler.map { ThriftScheduler($0) },
                    heartbeat: heartbeat.map { ThriftHeartbeat($0) },
                    supervisor: supervisor.map { ThriftSupervisor($0) }),
                logger: component.logger, group: component.group)
            component.health.add("edge") { edge.problem }
            for name in edge.numbers.keys {
                component.metrics.gauge("elves_http_\(name)") { Int(edge.numbers[name] ?? 0) }
            }
            let clients = [scheduler, heartbeat, supervisor].compactMap { client in
                client.map { ThriftClientService($0) as any Service }
            }
            return clients + [try component.server([])] + edge.services
        }
    }
}
