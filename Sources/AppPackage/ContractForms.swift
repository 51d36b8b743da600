package import ElvesContracts

extension ElvesContracts.AppManifest {
    /// What agents and callers need of a manifest.
    package init(_ manifest: AppPackage.AppManifest) {
        self.init(
            name: manifest.name, version: manifest.version,
            workerProtocol: manifest.workerProtocol == .json ? .json : .elves2,
            functions: manifest.functions.map {
                AppFunction(
                    name: $0.name, summary: $0.summary, timeoutMs: $0.timeoutMs, idempotent: $0.idempotent,
                    paramSchema: $0.paramSchema, exclusive: $0.exclusive)
            },
            entry: manifest.entry, summary: manifest.summary, exclusive: manifest.exclusive,
            maxRunning: manifest.maxRunning, maxWaiting: manifest.maxWaiting)
    }
}

extension Tree {
    /// A package's tree as it travels.
    package init(_ tree: PackageTree) {
        self.init(
            digest: tree.digest,
            files: tree.files.map { TreeFile(path: $0.path, mode: $0.mode, size: $0.size, digest: $0.digest) })
    }
}
