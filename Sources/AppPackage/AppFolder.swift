internal import ElvesCore
internal import Foundation

/// An app as its author has it: a folder with an `app.yaml` at its root.
///
/// Names that begin with a dot, `__pycache__` and `*.pyc` are not part of the app, nor is what a
/// `.elvesignore` file names: a shell pattern a line, `#` for comments; a pattern without `/` is
/// compared with each name, one with `/` with the whole path; a trailing `/` means folders only.
package struct AppFolder: Sendable {
    /// What is in an app's folder, and what is wrong with it.
    package struct Inspection: Sendable {
        /// The manifest; nil when it has problems.
        package let manifest: AppManifest?
        /// The files that a push would carry.
        package let tree: PackageTree
        /// Problems of `app.yaml`; empty when all is well.
        package let problems: [LintProblem]
    }

    /// Absolute or relative path of the folder.
    package let path: String
    /// What is allowed.
    package let limits: PackageLimits

    /// The app at `path`.
    package init(_ path: String, limits: PackageLimits = PackageLimits()) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        self.limits = limits
    }

    /// Checks the whole folder as a push would, and says all that is wrong with its `app.yaml`.
    ///
    /// Throws an `ElvesError` for what makes the folder unusable as a package: links, clashes, limits.
    package func inspect() throws -> Inspection {
        let files = try list()
        let tree = PackageTree(try files.map(treeFile))
        try limits.check(tree)
        guard files.contains(where: { $0.path == ManifestReader.filename }) else {
            throw ElvesError(
                .packageManifestMissing, "no app.yaml in \(path)",
                hint: tree.file("app.yml") == nil ? "add one: elves app new shows how" : "rename app.yml to app.yaml")
        }
        let reading = ManifestReader.read(try manifestBytes())
        let problems = reading.problems + ManifestReader.entryProblems(reading, tree)
        return Inspection(manifest: problems.isEmpty ? reading.manifest : nil, tree: tree, problems: problems)
    }

    /// Writes the folder as a zip file for a push, after the same checks.
    package func writeZip(to zipPath: String) throws -> Inspection {
        let inspection = try inspect()
        guard inspection.problems.isEmpty else { throw LintProblem.error(inspection.problems) }
        let zip = try ZipOutput(path: zipPath)
        for file in inspection.tree.files {
            let source = try FileSource(path + "/" + file.path)
            try zip.add(path: file.path, mode: file.mode, size: file.size) { try source.next() }
        }
        try zip.close()
        let size = try FileFacts(zipPath).size
        guard size <= limits.zipBytes else {
            throw ElvesError(.packageTooLong, "the zip file has \(size) bytes, more than \(limits.zipBytes)")
        }
        return inspection
    }

    // MARK: Walking

    private func list() throws -> [(path: String, facts: FileFacts)] {
        guard let root = try? FileFacts(path), root.kind == .folder else {
            throw ElvesError(.packageManifestMissing, "\(path) is not a folder", hint: "name the app's folder")
        }
        var walk = Walk(ignore: try IgnoreList(folder: path), rules: PathRules(limits), limits: limits)
        try visit("", &walk)
        guard !walk.files.isEmpty else { throw ElvesError(.packageEmpty, "\(path) holds no files") }
        return walk.files
    }

    private struct Walk {
        let ignore: IgnoreList
        var rules: PathRules
        let limits: PackageLimits
        var files: [(path: String, facts: FileFacts)] = []
        var total: Int64 = 0

        mutating func add(_ path: String, _ facts: FileFacts) throws {
            files.append((path, facts))
            total += facts.size
            guard files.count <= limits.entries else {
                throw ElvesError(.packageTooManyFiles, "the folder has more than \(limits.entries) files")
            }
            guard facts.size <= limits.fileBytes, total <= limits.totalBytes else {
                throw ElvesError(
                    .packageBomb,
                    "the folder has more than \(limits.totalBytes >> 20) MiB, or one file more than "
                        + "\(limits.fileBytes >> 20) MiB", hint: "leave out what the app can fetch")
            }
        }
    }

    private func visit(_ folder: String, _ walk: inout Walk) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? path : path + "/" + folder)
        for name in names.sorted() {
            let relative = folder.isEmpty ? name : folder + "/" + name
            let facts = try FileFacts(path + "/" + relative)
            guard !walk.ignore.covers(relative, name: name, isFolder: facts.kind == .folder) else { continue }
            switch facts.kind {
            case .folder:
                _ = try walk.rules.admit(relative, .folder)
                try visit(relative, &walk)
            case .file:
                _ = try walk.rules.admit(relative, .file)
                try walk.add(relative, facts)
            case .link:
                throw ElvesError(.packageLinkUnsupported, "\(PathRules.shown(relative)) is a link")
            case .special:
                throw ElvesError(.packageSpecial, "\(PathRules.shown(relative)) is neither a file nor a folder")
            }
        }
    }

    private func treeFile(_ file: (path: String, facts: FileFacts)) throws -> PackageTree.File {
        var writer = HashingBlobStore().writer()
        let source = try FileSource(path + "/" + file.path)
        var size: Int64 = 0
        while let chunk = try source.next() {
            size += Int64(chunk.count)
            try chunk.withUnsafeBytes { try writer.write($0) }
        }
        return PackageTree.File(
            path: file.path, mode: file.facts.isExecutable ? 0o755 : 0o644, size: size, digest: try writer.finish())
    }

    private func manifestBytes() throws -> [UInt8] {
        let source = try FileSource(path + "/" + ManifestReader.filename)
        var bytes: [UInt8] = []
        while let chunk = try source.next() {
            bytes += chunk
            guard bytes.count <= limits.manifestBytes else {
                throw ElvesError(
                    .packageManifestTooLong, "app.yaml has more than \(limits.manifestBytes) bytes",
                    hint: "keep it under that; put data into files of their own")
            }
        }
        return bytes
    }
}
