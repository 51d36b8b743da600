internal import AppPackage
internal import ElvesContracts

extension AppInfo {
    /// An app as people see it.
    init(_ app: AppState) {
        self.init(
            app: app.name, summary: app.summary, liveVersion: app.live, versions: app.versions,
            bindings: app.bindings.map { Binding(app: app.name, targets: $0.targets, createdAt: $0.createdAt) },
            updatedAt: app.updatedAt)
    }
}

extension AppVersion {
    /// One version with its manifest and tree.
    init(_ version: VersionRecord) {
        self.init(
            app: version.manifest.name, version: version.manifest.version,
            manifest: ElvesContracts.AppManifest(version.manifest),
            tree: Tree(version.tree), createdAt: version.createdAt,
            createdBy: version.createdBy)
    }
}

extension CatalogApp {
    /// An app as other components need it.
    init(_ entry: CatalogEntry) {
        self.init(
            info: AppInfo(entry.app), live: entry.live.map(AppVersion.init), removed: entry.app.removed,
            generation: entry.app.generation)
    }
}

extension KeyInfo {
    /// A key without its secret.
    init(_ key: KeyRecord) {
        let scope = key.draft.scope
        self.init(
            id: key.id, comment: key.draft.comment,
            scope: ElvesContracts.KeyScope(
                apps: scope.apps, functions: scope.functions, agents: scope.agents, admin: scope.admin),
            legacyMd5: key.draft.legacyMD5, requireNonce: key.draft.requireNonce, createdAt: key.createdAt,
            revoked: key.revoked)
    }
}

extension ElvesContracts.KeyRecord {
    /// A key as openapi needs it.
    init(_ key: OpenKey) {
        self.init(info: KeyInfo(key.record), secret: key.secret, tokenDigest: key.record.tokenDigest)
    }
}

extension NewKey {
    /// A key with what is shown only once.
    init(_ key: IssuedKey) {
        self.init(info: KeyInfo(key.record), secret: key.secret, token: key.token)
    }
}

extension KeyDraft {
    /// What is asked of a new key.
    init(_ request: KeyRequest) {
        let scope = request.scope
        self.init(
            comment: request.comment,
            scope: KeyScope(
                apps: scope.apps, functions: scope.functions, agents: scope.agents, admin: scope.admin),
            legacyMD5: request.legacyMd5, requireNonce: request.requireNonce)
    }
}
