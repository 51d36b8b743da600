package import ElvesContracts
internal import ElvesCore
internal import Synchronization
internal import Thrift

/// An installed version of an app.
package struct ShelvedApp: Sendable, Hashable {
    package var manifest: AppManifest
    package var treeDigest: [UInt8]
    /// Paths of its files, for finding the entry among them.
    package var files: Set<String>

    package init(manifest: AppManifest, treeDigest: [UInt8] = [], files: Set<String> = []) {
        self.manifest = manifest
        self.treeDigest = treeDigest
        self.files = files
    }

    init(_ desired: DesiredApp) {
        self.init(
            manifest: desired.manifest, treeDigest: desired.tree.digest, files: Set(desired.tree.files.map(\.path)))
    }
}

/// The apps that can be run now, and what is wrong with the others.
package final class AppShelf: Sendable {
    private struct State {
        var live: [String: ShelvedApp] = [:]
        var problems: [String: String] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// The live version of an app.
    package subscript(app app: String) -> ShelvedApp? { state.withLock { $0.live[app] } }

    /// What the agent reports: installed apps, and wanted ones that could not be installed.
    package var report: [InstalledApp] {
        state.withLock { state in
            Set(state.live.keys).union(state.problems.keys).sorted().map { app in
                InstalledApp(
                    app: app, version: state.live[app]?.manifest.version ?? "",
                    treeDigest: state.live[app]?.treeDigest ?? [], problem: state.problems[app] ?? "")
            }
        }
    }

    package func put(_ app: ShelvedApp) {
        state.withLock {
            $0.live[app.manifest.name] = app
            $0.problems[app.manifest.name] = nil
        }
    }

    func remove(_ app: String) {
        state.withLock {
            $0.live[app] = nil
            $0.problems[app] = nil
        }
    }

    /// Notes why an app cannot be installed; heartbeat takes 1,024 bytes of it.
    func note(problem: String, of app: String) {
        let text = problem.utf8.count > 900 ? String(decoding: problem.utf8.prefix(900), as: UTF8.self) + "…" : problem
        state.withLock { $0.problems[app] = text }
    }
}
