internal import ElvesContracts
package import ElvesCore

/// Finds the installed version and the function. May run any number of times.
package struct LookupHook: TaskHook {
    private let shelf: AppShelf

    package init(_ shelf: AppShelf) { self.shelf = shelf }

    package func prepare(_ run: inout TaskRun) async throws(ElvesError) {
        let task = run.task
        guard let app = shelf[app: task.app] else {
            // ELVES 2.0's own words; its users look for them.
            throw ElvesError(.agentAppNotInstalled, "app [\(task.app)] not install !", details: ["app": task.app])
        }
        let functions = app.manifest.functions
        guard functions.isEmpty || functions.contains(where: { $0.name == task.func }) else {
            let names = functions.map(\.name).joined(separator: ", ")
            throw ElvesError(
                .agentFunctionUnknown,
                "\(task.app) \(app.manifest.version) has no function \"\(task.func)\"; it has \(names)",
                details: ["app": task.app, "function": task.func])
        }
        guard (task.param?.utf8.count ?? 0) <= 1 << 20 else { throw ElvesError(.agentParamTooLong) }
        run.app = app
        run.result.version = app.manifest.version
    }
}
