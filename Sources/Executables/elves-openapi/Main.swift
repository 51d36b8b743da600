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
            let scheduler = try component.client("scheduler")
            let heartbeat = try component.client("heartbeat")
            let supervisor = try component.client("supervisor")
            let edge = OpenAPIService(
                configuration: OpenAPIConfiguration(
                    host: host, port: port, instance: component.instance, version: ElvesVersion.current,
                    metricsText: { [metrics = component.metrics] in metrics.prometheusText() }),
                ports: Ports(
                    scheduler: ThriftScheduler(scheduler), heartbeat: ThriftHeartbeat(heartbeat),
                    supervisor: ThriftSupervisor(supervisor)),
                logger: component.logger, group: component.group)
            component.health.add("edge") { edge.problem }
            for name in edge.numbers.keys {
                component.metrics.gauge("elves_http_\(name)") { Int(edge.numbers[name] ?? 0) }
            }
            let clients = [scheduler, heartbeat, supervisor].map { ThriftClientService($0) as any Service }
            return clients + [try component.server([])] + edge.services
        }
    }
}
