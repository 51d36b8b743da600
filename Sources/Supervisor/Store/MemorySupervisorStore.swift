internal import AppPackage
internal import ElvesCore

/// A store that lives as long as the process, for tests.
package actor MemorySupervisorStore: SupervisorStore {
    private struct App {
        var state: AppState
        var versions: [String: VersionRecord] = [:]
    }

    private var appsByName: [String: App] = [:]
    private var catalogGeneration: Int64 = 1
    private var keysByID: [String: KeyRecord] = [:]
    private var keyGeneration: Int64 = 1

    /// An empty store.
    package init() {}

    package func apps() -> [AppState] {
        present.map(\.state).sorted { $0.name < $1.name }
    }

    package func app(_ name: String) -> AppState? { presentApp(name)?.state }

    package func version(_ app: String, _ version: String) -> VersionRecord? { appsByName[app]?.versions[version] }

    package func add(_ version: VersionRecord) throws -> AddedVersion {
        let (name, number) = (version.manifest.name, version.manifest.version)
        var app = appsByName[name] ?? App(state: AppState(name: name))
        if let stored = app.versions[number] {
            guard stored.tree.digest == version.tree.digest else { throw StoreRules.versionExists(version) }
            return AddedVersion(version: stored, isNew: false, app: app.state)
        }
        app.versions[number] = version
        app.state.versions.append(number)
        app.state.removed = false
        if app.state.live.isEmpty { app.state.live = number }
        return AddedVersion(version: version, isNew: true, app: keep(app, at: version.createdAt))
    }

    package func activate(_ app: String, _ version: String, at time: Int64) throws -> AppState {
        try change(app, at: time) { app in
            guard app.versions[version] != nil else { throw StoreRules.unknownVersion(app.state, version) }
            guard app.state.live != version else { return false }
            app.state.live = version
            return true
        }
    }

    package func bind(_ app: String, _ targets: String, at time: Int64) throws -> AppState {
        try change(app, at: time) { app in
            guard !app.state.bindings.contains(where: { $0.targets == targets }) else { return false }
            app.state.bindings.append(BindingRecord(targets: targets, createdAt: time))
            return true
        }
    }

    package func unbind(_ app: String, _ targets: String, at time: Int64) throws -> AppState {
        try change(app, at: time) { app in
            guard let place = app.state.bindings.firstIndex(where: { $0.targets == targets }) else {
                throw StoreRules.unknownBinding(app.state, targets)
            }
            app.state.bindings.remove(at: place)
            return true
        }
    }

    package func remove(_ app: String, at time: Int64) throws -> AppState {
        try change(app, at: time) { app in
            guard app.state.bindings.isEmpty else { throw StoreRules.stillBound(app.state) }
            app = App(state: AppState(name: app.state.name))
            app.state.removed = true
            return true
        }
    }

    package func catalog(after generation: Int64) -> Changes<CatalogEntry> {
        let complete = generation <= 0 || generation > catalogGeneration
        let changed = appsByName.values.filter { complete || $0.state.generation > generation }
        let items = changed.sorted { $0.state.generation < $1.state.generation }
            .map { CatalogEntry(app: $0.state, live: $0.versions[$0.state.live]) }
        return Changes(generation: catalogGeneration, complete: complete, items: items)
    }

    package func referencedDigests() -> Set<[UInt8]> {
        Set(appsByName.values.flatMap { $0.versions.values.flatMap { $0.tree.files.map(\.digest) } })
    }

    package func add(_ key: KeyRecord) -> KeyRecord {
        keyGeneration += 1
        var key = key
        key.generation = keyGeneration
        keysByID[key.id] = key
        return key
    }

    package func keys() -> [KeyRecord] {
        keysByID.values.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    package func revoke(key id: String) throws -> KeyRecord {
        guard var key = keysByID[id] else { throw StoreRules.unknownKey(id, among: keysByID.keys) }
        guard !key.revoked else { return key }
        keyGeneration += 1
        key.revoked = true
        key.generation = keyGeneration
        keysByID[id] = key
        return key
    }

    package func keyChanges(after generation: Int64) -> Changes<KeyRecord> {
        let complete = generation <= 0 || generation > keyGeneration
        let changed = keysByID.values.filter { complete || $0.generation > generation }
        return Changes(
            generation: keyGeneration, complete: complete, items: changed.sorted { $0.generation < $1.generation })
    }

    // MARK: Changing an app

    private var present: [App] { appsByName.values.filter { !$0.state.removed } }

    private func presentApp(_ name: String) -> App? {
        appsByName[name].flatMap { $0.state.removed ? nil : $0 }
    }

    /// Applies `body`, which says whether anything changed.
    private func change(_ name: String, at time: Int64, _ body: (inout App) throws -> Bool) throws -> AppState {
        guard var app = presentApp(name) else {
            throw StoreRules.unknownApp(name, among: present.map(\.state.name))
        }
        return try body(&app) ? keep(app, at: time) : app.state
    }

    private func keep(_ app: App, at time: Int64) -> AppState {
        var app = app
        catalogGeneration += 1
        app.state.generation = catalogGeneration
        app.state.updatedAt = time
        let newest = app.state.versions.last ?? ""
        app.state.summary = app.versions[app.state.live.isEmpty ? newest : app.state.live]?.manifest.summary ?? ""
        appsByName[app.state.name] = app
        return app.state
    }
}
