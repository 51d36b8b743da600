/// A file of a package, as far as serving it needs.
package struct PackageFile: Sendable, Hashable {
    /// SHA-256 of the content, 32 bytes.
    package let digest: [UInt8]
    /// Bytes.
    package let size: Int64

    /// Creates one.
    package init(digest: [UInt8], size: Int64) {
        self.digest = digest
        self.size = size
    }
}

/// The version of an app that agents should run.
package struct LiveVersion: Sendable, Hashable {
    package let app: String
    package let version: String
    /// SHA-256 of the tree, 32 bytes.
    package let treeDigest: [UInt8]
    package let files: [PackageFile]
    /// Manifest and tree for the agent, encoded: carried, never looked into.
    package let content: [UInt8]

    /// Creates one.
    package init(app: String, version: String, treeDigest: [UInt8], files: [PackageFile], content: [UInt8]) {
        self.app = app
        self.version = version
        self.treeDigest = treeDigest
        self.files = files
        self.content = content
    }
}

/// An app, what of it should run, and where.
package struct CatalogEntry: Sendable, Hashable {
    package let app: String
    /// Nil before the first activate.
    package let live: LiveVersion?
    /// Target texts; an agent that any of them hits should have the app.
    package let bindings: [String]
    /// The app was removed: agents that have it delete it.
    package let removed: Bool

    /// Creates an entry.
    package init(app: String, live: LiveVersion?, bindings: [String], removed: Bool = false) {
        self.app = app
        self.live = live
        self.bindings = bindings
        self.removed = removed
    }
}

/// What changed in the catalog.
package struct CatalogChange: Sendable, Hashable {
    package let generation: Int64
    /// Whether `entries` is everything, or only what changed.
    package let complete: Bool
    package let entries: [CatalogEntry]

    /// Creates a change.
    package init(generation: Int64, complete: Bool, entries: [CatalogEntry]) {
        self.generation = generation
        self.complete = complete
        self.entries = entries
    }
}

/// The supervisor's apps as of a generation.
package struct Catalog: Sendable, Hashable {
    package private(set) var generation: Int64
    /// By app name. Removed apps stay as tombstones.
    package private(set) var entries: [String: CatalogEntry]

    /// Creates a catalog.
    package init(generation: Int64 = 0, entries: [CatalogEntry] = []) {
        self.generation = generation
        self.entries = Dictionary(entries.map { ($0.app, $0) }) { _, last in last }
    }

    /// Takes a change over; false when it is older than what is here and so changes nothing.
    package mutating func apply(_ change: CatalogChange) -> Bool {
        if change.complete {
            self = Catalog(generation: change.generation, entries: change.entries)
            return true
        }
        guard change.generation > generation else { return false }
        generation = change.generation
        for entry in change.entries { entries[entry.app] = entry }
        return true
    }
}

/// Where the catalog comes from.
package protocol CatalogSource: Sendable {
    /// Waits up to `waitMs` for a generation above `after`.
    func changes(after: Int64, waitMs: Int64) async throws -> CatalogChange
}

/// Where the content of package files comes from.
package protocol FileSource: Sendable {
    /// Up to `length` bytes from `offset`; fewer only at the file's end.
    func read(_ digest: [UInt8], offset: Int64, length: Int) async throws -> [UInt8]
}
