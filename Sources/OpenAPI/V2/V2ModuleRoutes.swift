import ElvesCore
import Hummingbird

/// The calls of modules that this center does not have; they answer `[402.x]` once the signature is right.
struct V2ModuleRoutes: Sendable {
    private static let queue = ["create", "addtask", "commit", "stop", "result", "qksqueue"]
    private static let cron = ["add", "start", "stop", "delete", "detail"]

    func routes(_ gateway: V2Gateway) -> [Route] {
        Self.queue.flatMap { name in
            gateway.routes("/api/v2/queue/\(name)", Self.description(of: "queue", name)) { _ in
                throw ElvesError(.openapiModuleQueue)
            }
        }
            + Self.cron.flatMap { name in
                gateway.routes("/api/v2/cron/\(name)", Self.description(of: "cron", name)) { _ in
                    throw ElvesError(.openapiModuleCron)
                }
            }
    }
}
