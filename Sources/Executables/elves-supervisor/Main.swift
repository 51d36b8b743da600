import ElvesContracts
import ServiceCore
import ServiceKit
import ServiceLifecycle
import Supervisor

/// Keeps apps, versions, packages, bindings and keys. `init` makes its folder and master key.
@main struct Main {
    static func main() async {
        let arguments = CommandLine.arguments
        if arguments.dropFirst().first == "init" {
            return await SupervisorSetup.main(Array(arguments.dropFirst(2)), now: SystemClock.now)
        }
        await Component.main("supervisor") { component in
            let folder = SupervisorFolder(try component.settings.required("data"))
            let service = try await folder.open(now: SystemClock.now)
            return [try component.server([SupervisorServiceProcessor(SupervisorHandler(service))])]
        }
    }
}
