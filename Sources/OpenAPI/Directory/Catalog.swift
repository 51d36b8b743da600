import ElvesContracts
import ElvesCore
import Logging
import Synchronization

/// An app that can be called.
struct CatalogEntry: Sendable {
    let app: String
    /// Empty before the first activate.
    let liveVersion: String
    /// By name; empty for an ELVES 2.0 app, any function of which may be called.
    let functions: [String: Function]

    /// A function and what its parameter must be.
    struct Function: Sendable {
        let name: String
        let schema: ParamSchema
        /// Milliseconds, 0 for the agent's default.
        let timeoutMs: Int64
        /// Whether a second attempt is harmless.
        let isIdempotent: Bool
    }
}

/// The apps as of the supervisor's last answer, with their schemas ready to check.
final class Catalog: Sendable {
    private struct State {
        var apps: [String: CatalogEntry] = [:]
        var generation: Int64 = 0
        var isLoaded = false
    }

    private let state = Mutex(State())
    private let logger: Logger

    /// An empty catalog.
    init(logger: Logger) {
        self.logger = logger
    }

    /// Whether the supervisor's answer arrived once.
    var isLoaded: Bool { state.withLock { $0.isLoaded } }

    /// The generation to ask for changes after.
    var generation: Int64 { state.withLock { $0.generation } }

    /// The app of that name.
    subscript(_ app: String) -> CatalogEntry? { state.withLock { $0.apps[app] } }

    /// Every app's name.
    var names: [String] { state.withLock { Array($0.apps.keys) } }

    /// Takes in an answer of the supervisor.
    func apply(_ changes: CatalogChanges) {
        let entries = changes.apps.map { ($0.info.app, $0.removed ? nil : entry($0)) }
        state.withLock { state in
            if changes.complete { state.apps = [:] }
            for (app, entry) in entries { state.apps[app] = entry }
            state.generation = changes.generation
            state.isLoaded = true
        }
    }

    private func entry(_ app: CatalogApp) -> CatalogEntry {
        let functions = (app.live?.manifest.functions ?? []).map { function in
            CatalogEntry.Function(
                name: function.name, schema: schema(of: function, app: app.info.app), timeoutMs: function.timeoutMs,
                isIdempotent: function.idempotent)
        }
        return CatalogEntry(
            app: app.info.app, liveVersion: app.live?.version ?? "",
            functions: Dictionary(functions.map { ($0.name, $0) }) { first, _ in first })
    }

    /// A schema that cannot be read was accepted by the supervisor all the same: the function stays callable.
    private func schema(of function: AppFunction, app: String) -> ParamSchema {
        do {
            return try ParamSchema(parsing: function.paramSchema)
        } catch {
            logger.warning(
                "a function's parameters are not checked: its schema cannot be read",
                metadata: ["app": "\(app)", "function": "\(function.name)", "error": "\(error)"])
            return .constant(true)
        }
    }
}
