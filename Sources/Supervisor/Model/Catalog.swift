package import AppPackage

/// One immutable version of an app.
package struct VersionRecord: Hashable, Sendable {
    /// What the package says of itself.
    package var manifest: AppManifest
    /// Its files.
    package var tree: PackageTree
    /// UTC milliseconds.
    package var createdAt: Int64
    /// Who pushed it, such as a key's id.
    package var createdBy: String

    /// A version with everything said.
    package init(manifest: AppManifest, tree: PackageTree, createdAt: Int64, createdBy: String) {
        self.manifest = manifest
        self.tree = tree
        self.createdAt = createdAt
        self.createdBy = createdBy
    }
}

/// Which agents run an app.
package struct BindingRecord: Hashable, Sendable {
    /// A target expression, as it was written.
    package var targets: String
    /// UTC milliseconds.
    package var createdAt: Int64

    /// A binding.
    package init(targets: String, createdAt: Int64) {
        self.targets = targets
        self.createdAt = createdAt
    }
}

/// An app as it stands.
package struct AppState: Hashable, Sendable {
    /// The app's name.
    package var name: String
    /// Of the live version, else of the newest.
    package var summary = ""
    /// The version that agents should run; empty before the first activate.
    package var live = ""
    /// In the order in which they were pushed.
    package var versions: [String] = []
    /// In the order in which they were made.
    package var bindings: [BindingRecord] = []
    /// UTC milliseconds of the last change.
    package var updatedAt: Int64 = 0
    /// The catalog's generation at the last change.
    package var generation: Int64 = 0
    /// A tombstone: agents that have the app delete it.
    package var removed = false

    /// An app that has nothing yet.
    package init(name: String) { self.name = name }
}

/// An app as other components need it.
package struct CatalogEntry: Hashable, Sendable {
    /// How the app stands, tombstones among them.
    package var app: AppState
    /// The version that agents should run; nil before the first activate and after removal.
    package var live: VersionRecord?

    /// An entry.
    package init(app: AppState, live: VersionRecord?) {
        self.app = app
        self.live = live
    }
}

/// What changed, or everything.
package struct Changes<Item: Hashable & Sendable>: Hashable, Sendable {
    /// The generation that these changes lead to.
    package var generation: Int64
    /// Whether `items` is everything there is, not only what changed.
    package var complete: Bool
    /// In the order of their last change.
    package var items: [Item]

    /// Changes.
    package init(generation: Int64, complete: Bool, items: [Item]) {
        self.generation = generation
        self.complete = complete
        self.items = items
    }

    /// As many of the items, from the first, as come to `budget`, at least one.
    ///
    /// What is left out is a change after the new generation, so the next call brings it.
    func prefix(within budget: Int, size: (Item) -> Int, generation: (Item) -> Int64) -> Changes {
        var sum = 0
        guard
            let cut = items.dropFirst().firstIndex(where: { item in
                sum += size(item)
                return sum + (items.first.map(size) ?? 0) > budget
            })
        else { return self }
        return Changes(generation: generation(items[cut - 1]), complete: complete, items: Array(items[..<cut]))
    }
}
