internal import ElvesCore

/// A package that passed every check.
package struct CheckedPackage: Hashable, Sendable {
    /// What `app.yaml` says, or the file name of an ELVES 2.0 zip.
    package let manifest: AppManifest
    /// The files, already in the store that the reader was given.
    package let tree: PackageTree
}

/// Reads a pushed zip file: checks everything, writes the files to a store by digest.
///
/// Nothing is ever written to a path that the zip names, so no entry can lead anywhere. Links are
/// refused altogether: a package is plain files and folders.
package struct PackageReader: Sendable {
    /// What is allowed.
    package var limits: PackageLimits

    /// A reader with the center's limits, or others.
    package init(limits: PackageLimits = PackageLimits()) { self.limits = limits }

    /// Reads the zip file at `path`, which was pushed under the name `filename`.
    ///
    /// Without `app.yaml`, a file called `{app}_{version}.zip` is an ELVES 2.0 app. Throws an
    /// `ElvesError` with a `package.…` code; the store may then hold files that nothing refers to.
    /// Blocks: call it off the cooperative threads.
    package func read(zipAt path: String, filename: String, into store: any BlobStore) throws -> CheckedPackage {
        let zip = try ZipInput(path: path, limits: limits)
        var budget = Budget(limits: limits, zipSize: try fileSize(path))
        var rules = PathRules(limits)
        var files: [PackageTree.File] = []
        var manifestBytes: [UInt8]?
        while let entry = try zip.next() {
            try budget.countEntry()
            guard let file = try admit(entry, &rules) else { continue }
            try budget.begin(file, declared: entry.declaredSize)
            let isManifest = file == ManifestReader.filename
            var kept: [UInt8] = []
            let (size, digest) = try copy(zip, to: store, &budget) { chunk in
                guard isManifest else { return }
                guard kept.count + chunk.count <= limits.manifestBytes else {
                    throw ElvesError(
                        .packageManifestTooLong, "app.yaml has more than \(limits.manifestBytes) bytes",
                        hint: "keep it under that; put data into files of their own")
                }
                kept.append(contentsOf: chunk)
            }
            if isManifest { manifestBytes = kept }
            files.append(.init(path: file, mode: entry.isExecutable ? 0o755 : 0o644, size: size, digest: digest))
        }
        guard !files.isEmpty else { throw ElvesError(.packageEmpty, "the zip file holds no files") }
        let tree = PackageTree(files)
        try limits.check(tree)
        let manifest = try manifest(manifestBytes, filename: filename, tree: tree)
        return CheckedPackage(manifest: manifest, tree: tree)
    }

    private func fileSize(_ path: String) throws -> Int64 { try FileFacts(path).size }

    private func admit(_ entry: ZipInput.Entry, _ rules: inout PathRules) throws -> String? {
        let shown = PathRules.shown(entry.path)
        guard !entry.isEncrypted else { throw ElvesError(.packageEncrypted, "\(shown) is encrypted") }
        switch entry.kind {
        case .link: throw ElvesError(.packageLinkUnsupported, "\(shown) is a link")
        case .special: throw ElvesError(.packageSpecial, "\(shown) is neither a file nor a folder")
        case .folder:
            _ = try rules.admit(entry.path, .folder)
            return nil
        case .file: return try rules.admit(entry.path, .file)
        }
    }

    private func copy(
        _ zip: ZipInput, to store: any BlobStore, _ budget: inout Budget,
        watch: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> (Int64, [UInt8]) {
        var writer = try store.writer()
        var size: Int64 = 0
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try zip.read(into: buffer)
            guard count > 0 else { break }
            let chunk = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            try budget.count(Int64(count))
            try watch(chunk)
            try writer.write(chunk)
            size += Int64(count)
        }
        return (size, try writer.finish())
    }

    private func manifest(_ bytes: [UInt8]?, filename: String, tree: PackageTree) throws -> AppManifest {
        guard let bytes else {
            if let hint = nestedManifestHint(tree) {
                throw ElvesError(.packageManifestMissing, "no app.yaml at the root of the zip file", hint: hint)
            }
            return try Elves2Package.manifest(filename: filename)
        }
        let reading = ManifestReader.read(bytes)
        let problems = reading.problems + ManifestReader.entryProblems(reading, tree)
        guard problems.isEmpty, let manifest = reading.manifest else { throw LintProblem.error(problems) }
        return manifest
    }

    /// The usual mistake: the folder was zipped, not what is in it.
    private func nestedManifestHint(_ tree: PackageTree) -> String? {
        let nested = tree.files.first { $0.path.hasSuffix("/app.yaml") && $0.path.split(separator: "/").count == 2 }
        if let nested { return "\"\(nested.path)\" is there: zip the folder's content, not the folder" }
        return tree.file("app.yml").map { _ in "app.yml is there: rename it to app.yaml" }
    }
}

/// Counts what a package unpacks to, and stops it in time.
private struct Budget {
    let limits: PackageLimits
    let zipSize: Int64
    private var entries = 0
    private var total: Int64 = 0
    private var current = (path: "", size: Int64(0))

    init(limits: PackageLimits, zipSize: Int64) {
        self.limits = limits
        self.zipSize = zipSize
    }

    mutating func countEntry() throws {
        entries += 1
        guard entries <= limits.entries else {
            throw ElvesError(.packageTooManyFiles, "the zip file has more than \(limits.entries) entries")
        }
    }

    mutating func begin(_ path: String, declared: Int64?) throws {
        current = (path, 0)
        if let declared { try check(file: declared, total: total.addingReportingOverflow(declared).partialValue) }
    }

    mutating func count(_ bytes: Int64) throws {
        current.size += bytes
        total += bytes
        try check(file: current.size, total: total)
    }

    private func check(file: Int64, total: Int64) throws {
        let shown = PathRules.shown(current.path)
        guard file >= 0, total >= 0, file <= limits.fileBytes else {
            throw ElvesError(.packageBomb, "\(shown) unpacks to more than \(limits.fileBytes >> 20) MiB")
        }
        guard total <= limits.totalBytes else {
            throw ElvesError(.packageBomb, "the files unpack to more than \(limits.totalBytes >> 20) MiB together")
        }
        guard total <= limits.ratioFrom || total / limits.ratio <= zipSize else {
            throw ElvesError(
                .packageBomb, "the files unpack to more than \(limits.ratio) times the size of the zip file")
        }
    }
}
