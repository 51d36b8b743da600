extension ElvesCenter {
    /// Every app.
    public func apps() async throws(CenterError) -> [AppRecord] {
        struct Answer: Decodable { var apps: [AppRecord] }
        return try await ask(Call(.get, ["api", "v3", "apps"]), as: Answer.self).apps
    }

    /// The app of that name, with its functions.
    public func app(_ name: String) async throws(CenterError) -> AppRecord {
        try await ask(Call(.get, ["api", "v3", "apps", name]))
    }

    /// Stores a package.
    ///
    /// `zip` is a zip file of at most 256 MiB; `filename` matters for an
    /// ELVES 2.0 package, which is named `{app}_{version}.zip`.
    public func push(zip: [UInt8], filename: String) async throws(CenterError) -> PushResult {
        try await ask(
            Call(
                .post, ["api", "v3", "apps"], query: [("filename", filename)], body: zip,
                contentType: "application/zip", headers: [("Content-Digest", RequestSigner.contentDigest(of: zip))],
                patience: .seconds(600)))
    }

    /// Makes a version the live one.
    public func activate(_ app: String, version: String) async throws(CenterError) -> AppRecord {
        try await ask(try .posting(["api", "v3", "apps", app, "activate"], ["version": version]))
    }

    /// Binds an app to the agents that a target text hits, now and later.
    public func bind(_ app: String, to targets: String) async throws(CenterError) -> AppRecord {
        try await ask(try .posting(["api", "v3", "apps", app, "bindings"], ["targets": targets]))
    }

    /// Takes back a binding, named by the text that made it.
    public func unbind(_ app: String, from targets: String) async throws(CenterError) -> AppRecord {
        try await ask(Call(.delete, ["api", "v3", "apps", app, "bindings"], query: [("targets", targets)]))
    }

    /// Removes an app with all its versions; agents that have it delete it.
    public func remove(_ app: String) async throws(CenterError) {
        try await tell(Call(.delete, ["api", "v3", "apps", app]))
    }

    /// Creates a key.
    ///
    /// Its secret and token are in this answer and never again.
    public func createKey(_ request: KeyRequest) async throws(CenterError) -> KeyRecord {
        try await ask(try .posting(["api", "v3", "keys"], request))
    }

    /// Every key, the revoked ones too.
    public func keys() async throws(CenterError) -> [KeyRecord] {
        struct Answer: Decodable { var keys: [KeyRecord] }
        return try await ask(Call(.get, ["api", "v3", "keys"]), as: Answer.self).keys
    }

    /// Revokes a key; it is refused everywhere within 5 s.
    public func revokeKey(_ id: String) async throws(CenterError) -> KeyRecord {
        try await ask(Call(.delete, ["api", "v3", "keys", id]))
    }
}
