internal import AppPackage
internal import ElvesCore
internal import Foundation

/// Apps, versions, packages, bindings and keys: what there is, and what agents should have.
///
/// Its folder holds `blobs/` (files by digest), and for the time of a push `uploads/` and `staging/`.
/// A push is nothing until its version is in the store, and its files are on disk before that.
package actor SupervisorService {
    private let store: any SupervisorStore
    private let keyMaker: KeyMaker
    private let blobs: BlobFolder
    private var spool: UploadSpool
    private let now: @Sendable () -> Int64
    private let catalogSignal = ChangeSignal()
    private let keySignal = ChangeSignal()
    /// Held by a push from moving its files in until its version is stored, and by the sweep of
    /// files that no version has, so that neither takes the other's files.
    private let filesTurn = Turnstile()

    /// Bytes that `readFile` answers with at most.
    package static let largestRead = 256 << 10
    private static let longestWait = Duration.seconds(30)
    /// Bytes of changes in one answer, about; a message holds 16 MiB.
    private static let largestAnswer = 8 << 20

    /// Opens the service over its folder, which is made when it is not there.
    ///
    /// Checks that the master key opens the stored secrets, and deletes what killed pushes left.
    /// - Parameter now: UTC milliseconds.
    package init(
        store: any SupervisorStore, folder: String, masterKey: MasterKey, now: @escaping @Sendable () -> Int64
    ) async throws {
        self.store = store
        self.now = now
        keyMaker = KeyMaker(master: masterKey)
        blobs = try BlobFolder(folder)
        spool = try UploadSpool(folder + "/uploads")
        for key in try await store.keys() { _ = try keyMaker.open(key) }
        try blobs.sweep(keeping: try await store.referencedDigests())
    }

    // MARK: Apps

    /// All apps, by name.
    package func apps() async throws -> [AppState] { try await store.apps() }

    /// One app.
    package func app(_ name: String) async throws -> AppState {
        if let app = try await store.app(name) { return app }
        throw StoreRules.unknownApp(name, among: try await store.apps().map(\.name))
    }

    /// One version of an app.
    package func version(_ app: String, _ version: String) async throws -> VersionRecord {
        if let found = try await store.version(app, version) { return found }
        throw StoreRules.unknownVersion(try await self.app(app), version)
    }

    /// Makes a version live.
    package func activate(_ app: String, _ version: String) async throws -> AppState {
        raised(try await store.activate(app, version, at: now()))
    }

    /// Binds an app to the agents that a target expression hits, now and later.
    package func bind(_ app: String, _ targets: String) async throws -> AppState {
        raised(try await store.bind(app, try Self.checked(targets), at: now()))
    }

    /// Takes a binding away; the text must be the one that it was made with.
    package func unbind(_ app: String, _ targets: String) async throws -> AppState {
        raised(try await store.unbind(app, Self.trimmed(targets), at: now()))
    }

    /// Removes an app: its versions go, a tombstone tells agents to delete it.
    package func remove(_ app: String) async throws {
        _ = raised(try await store.remove(app, at: now()))
        try await sweep()
    }

    /// What changed after the generation; waits up to `patience` for something to.
    package func catalogChanges(
        after generation: Int64, waiting patience: Duration
    ) async throws -> Changes<CatalogEntry> {
        var changes = try await store.catalog(after: generation)
        if changes.generation == generation {
            await catalogSignal.wait(above: generation, atMost: min(patience, Self.longestWait))
            changes = try await store.catalog(after: generation)
        }
        return changes.prefix(
            within: Self.largestAnswer, size: { 1_024 + ($0.live?.tree.listing.count ?? 0) },
            generation: \.app.generation)
    }

    // MARK: Packages

    /// Opens an upload and answers with its name.
    package func beginPush(filename: String, size: Int64) throws -> String {
        try spool.begin(filename, size: size, now: .now)
    }

    /// Adds the next bytes of an upload, at most 1 MiB.
    package func pushChunk(_ upload: String, at offset: Int64, _ bytes: [UInt8]) throws {
        try spool.add(bytes, to: upload, at: offset, now: .now)
    }

    /// Forgets an upload; one that is not there is fine.
    package func abortPush(_ upload: String) { spool.abort(upload) }

    /// Checks the package and stores it as a version; nothing is stored when a check fails.
    ///
    /// - Returns: the version, and whether it is live by this push.
    package func finishPush(_ upload: String, by caller: String) async throws -> (AddedVersion, activated: Bool) {
        let upload = try spool.take(upload)
        defer { try? FileManager.default.removeItem(atPath: upload.path) }
        let staging = try blobs.stage(URL(filePath: upload.path).lastPathComponent)
        defer { staging.discard() }
        let (path, filename) = (upload.path, upload.filename)
        let package = try await Blocking.run {
            try PackageReader().read(zipAt: path, filename: filename, into: staging)
        }
        let version = VersionRecord(
            manifest: package.manifest, tree: package.tree, createdAt: now(), createdBy: caller)
        let added = try await filesTurn.pass { [blobs, store] in
            do {
                try await Blocking.run { try blobs.publish(staging) }
                return try await store.add(version)
            } catch {
                // What was moved in before it failed is no version's.
                if let kept = try? await store.referencedDigests() {
                    _ = try? await Blocking.run { try blobs.sweep(keeping: kept) }
                }
                throw error
            }
        }
        _ = raised(added.app)
        return (added, added.app.live == added.version.manifest.version)
    }

    /// Bytes of a stored file; shorter than `length` only at its end.
    package func readFile(_ digest: [UInt8], at offset: Int64, length: Int) async throws -> [UInt8] {
        guard (1...Self.largestRead).contains(length) else {
            throw ElvesError(
                .supervisorFileRange, "\(length) bytes were asked for; a call reads 1 to \(Self.largestRead)")
        }
        return try await Blocking.run { [blobs] in try blobs.read(digest, at: offset, length: length) }
    }

    private func sweep() async throws {
        try await filesTurn.pass { [blobs, store] in
            let kept = try await store.referencedDigests()
            _ = try await Blocking.run { try blobs.sweep(keeping: kept) }
        }
    }

    // MARK: Keys

    /// Makes a key; its secret and token are in no other answer.
    package func createKey(_ draft: KeyDraft) async throws -> IssuedKey {
        var issued = try keyMaker.make(draft, at: now())
        issued.record = try await store.add(issued.record)
        keySignal.raise(to: issued.record.generation)
        return issued
    }

    /// All keys, revoked ones among them.
    package func keys() async throws -> [KeyRecord] { try await store.keys() }

    /// Whether the token belongs to a key that was not revoked; to the one of that id, if an id is given.
    package func accepts(token: String, of id: String?) async throws -> Bool {
        let digest = KeyMaker.digest(of: token)
        return try await store.keys().contains { key in
            key.tokenDigest == digest && !key.revoked && (id == nil || key.id == id)
        }
    }

    /// Revokes a key; who waits for key changes hears of it at once.
    package func revokeKey(_ id: String) async throws -> KeyRecord {
        let key = try await store.revoke(key: id)
        keySignal.raise(to: key.generation)
        return key
    }

    /// Keys that changed after the generation; waits up to `patience` for one to.
    package func keyChanges(after generation: Int64, waiting patience: Duration) async throws -> Changes<OpenKey> {
        var changes = try await store.keyChanges(after: generation)
        if changes.generation == generation {
            await keySignal.wait(above: generation, atMost: min(patience, Self.longestWait))
            changes = try await store.keyChanges(after: generation)
        }
        changes = changes.prefix(
            within: Self.largestAnswer, size: { 512 + 72 * $0.draft.scope.count }, generation: \.generation)
        return Changes(
            generation: changes.generation, complete: changes.complete,
            items: try changes.items.map { try keyMaker.open($0) })
    }

    // MARK: Words

    private func raised(_ app: AppState) -> AppState {
        catalogSignal.raise(to: app.generation)
        return app
    }

    private static func trimmed(_ targets: String) -> String {
        targets.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func checked(_ targets: String) throws -> String {
        guard targets.utf8.count <= 65_536 else {
            throw ElvesError(
                .elvesTargetSyntax, "the targets have more than 65,536 bytes", hint: "bind by a selector instead")
        }
        _ = try TargetExpression(parsing: targets)
        return trimmed(targets)
    }
}
