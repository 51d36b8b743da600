/// What the supervisor keeps: apps, versions, bindings and keys.
///
/// Every change is durable before its call returns, and raises the generation of what it changed by
/// one; the first generation is 1, so that 0 is always behind. Times are handed in, UTC milliseconds. Errors are `ElvesError`s: `supervisor.…` for what is
/// not there or may not be, `elves.store.…` for trouble of the store itself.
package protocol SupervisorStore: Sendable {
    /// All apps that are not removed, by name.
    func apps() async throws -> [AppState]
    /// The app; nil when it was never pushed or is removed.
    func app(_ name: String) async throws -> AppState?
    /// One version; nil when there is none.
    func version(_ app: String, _ version: String) async throws -> VersionRecord?

    /// Adds a version; an app's first one also goes live.
    ///
    /// The same version with the same tree is the stored one, unchanged; with another tree it is
    /// `supervisor.version.exists`.
    func add(_ version: VersionRecord) async throws -> AddedVersion
    /// Makes a version live.
    func activate(_ app: String, _ version: String, at time: Int64) async throws -> AppState
    /// Adds a binding; one that is there stays as it is.
    func bind(_ app: String, _ targets: String, at time: Int64) async throws -> AppState
    /// Takes a binding away; the text must be the one that it was made with.
    func unbind(_ app: String, _ targets: String, at time: Int64) async throws -> AppState
    /// Forgets versions, and leaves a tombstone; refused while the app is bound.
    func remove(_ app: String, at time: Int64) async throws -> AppState

    /// Apps that changed after the generation, tombstones among them.
    ///
    /// Everything when `after` is 0, or above the present generation, as after a restored backup.
    func catalog(after generation: Int64) async throws -> Changes<CatalogEntry>
    /// Digests of all files of all versions.
    func referencedDigests() async throws -> Set<[UInt8]>

    /// Adds a key, and answers with it and its generation.
    func add(_ key: KeyRecord) async throws -> KeyRecord
    /// All keys, the oldest first, revoked ones among them.
    func keys() async throws -> [KeyRecord]
    /// Revokes a key; one that is revoked stays as it is.
    func revoke(key id: String) async throws -> KeyRecord
    /// Keys that changed after the generation, as `catalog(after:)` for apps.
    func keyChanges(after generation: Int64) async throws -> Changes<KeyRecord>
}

/// What became of a version that was added.
package struct AddedVersion: Hashable, Sendable {
    /// The version as it is stored.
    package var version: VersionRecord
    /// Whether it is new; false when it was there with the same tree.
    package var isNew: Bool
    /// How the app stands now.
    package var app: AppState

    /// An outcome.
    package init(version: VersionRecord, isNew: Bool, app: AppState) {
        self.version = version
        self.isNew = isNew
        self.app = app
    }
}
