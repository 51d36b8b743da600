internal import ElvesContracts
package import ElvesCore

/// Finds the installed version and the function. May run any number of times.
///
/// A call may overtake the news of a binding that was made a moment before it: an app that is not here is asked for,
/// and waited for a little.
package struct LookupHook: TaskHook {
    /// How long a call waits for its app at most.
    private static let patience = Duration.seconds(5)

    private let shelf: AppShelf
    private let bring: @Sendable (_ patience: Duration) async -> Bool

    /// `bring` asks for the desired state and waits until it is installed; false when the time ended first.
    package init(_ shelf: AppShelf, bring: @escaping @Sendable (_ patience: Duration) async -> Bool = { _ in true }) {
        self.shelf = shelf
        self.bring = bring
    }

    /// The live version of an app, if it is here.
    func installed(_ app: String) -> ShelvedApp? { shelf[app: app] }

    package func prepare(_ run: inout TaskRun) async throws(ElvesError) {
        try Self.take(try await arrived(run.task.app, startBy: run.startBy), into: &run)
    }

    /// The same without waiting.
    func find(_ run: inout TaskRun) throws(ElvesError) {
        guard let app = shelf[app: run.task.app] else { throw Self.missing(run.task.app) }
        try Self.take(app, into: &run)
    }

    private static func take(_ app: ShelvedApp, into run: inout TaskRun) throws(ElvesError) {
        let task = run.task
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

    private func arrived(_ app: String, startBy: ContinuousClock.Instant?) async throws(ElvesError) -> ShelvedApp {
        if let found = shelf[app: app] { return found }
        let deadline = min(ContinuousClock.now + Self.patience, startBy ?? .now + Self.patience)
        // Twice: heartbeat hears of a binding a moment after who made it, perhaps only between the two.
        for _ in 0..<2 {
            let isSettled = await bring(deadline - .now)
            if let found = shelf[app: app] { return found }
            guard isSettled else {
                throw ElvesError(
                    .agentAppInstalling, "app [\(app)] not install ! It may be on its way", details: ["app": app])
            }
        }
        throw Self.missing(app)
    }

    private static func missing(_ app: String) -> ElvesError {
        // ELVES 2.0's own words; its users look for them.
        ElvesError(.agentAppNotInstalled, "app [\(app)] not install !", details: ["app": app])
    }
}
