internal import AppPackage
internal import ElvesContracts
internal import ElvesCore
internal import Foundation

/// The apps of a center without a supervisor, ELVES 2.0's simple mode: app folders and zip files in one folder, read
/// once at the start, for every agent.
///
/// A folder is checked as a push of it would be. An app that is no longer in the folder stays on the agents that
/// have it: this list cannot tell an app that was removed from one that was mislaid.
package struct ConfiguredApps: CatalogSource, FileSource {
    private let files: ConfiguredFiles
    private let change: CatalogChange

    /// Reads the folder that the setting `apps` names; without it there is nothing that agents could be told.
    ///
    /// - Parameter data: the component's data folder, which holds the files for agents.
    package static func needed(folder: String?, data: String) throws -> ConfiguredApps {
        guard let folder, !folder.isEmpty else {
            throw ElvesError(
                .elvesConfigMissing,
                "neither peers.supervisor nor apps is set; without a supervisor apps names a folder of apps")
        }
        // Emptied at each start: nothing of the operator's may lie there.
        let files = data + "/configured-files"
        let (theirs, ours) = (Self.whole(folder), Self.whole(files))
        guard !theirs.hasPrefix(ours), !ours.hasPrefix(theirs) else {
            throw ElvesError(
                .elvesConfigInvalid,
                "setting apps: \(folder) holds, or lies in, \(files), which heartbeat empties; give another folder")
        }
        return try ConfiguredApps(folder: folder, files: ConfiguredFiles(emptying: files))
    }

    /// The path without links, ending in a slash.
    private static func whole(_ path: String) -> String {
        let path = URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath().path(percentEncoded: false)
        return path.hasSuffix("/") ? path : path + "/"
    }

    private init(folder: String, files: ConfiguredFiles) throws {
        self.files = files
        var found: [String: (live: LiveVersion, place: String)] = [:]
        for place in try Self.places(in: folder) {
            let live = try Self.live(place, files)
            if let other = found[live.app]?.place {
                throw ElvesError(
                    .elvesConfigInvalid, "\(other) and \(place) are both app \(live.app); leave one of them")
            }
            found[live.app] = (live, place)
        }
        let lives = found.values.map(\.live).sorted { $0.app < $1.app }
        var hash = StableHash()
        for live in lives {
            hash.add(live.app)
            hash.add(live.version)
            hash.add(live.treeDigest)
        }
        change = CatalogChange(
            generation: hash.positive, complete: true,
            entries: lives.map { CatalogEntry(app: $0.app, live: $0, bindings: ["*"]) })
    }

    package func changes(after: Int64, waitMs: Int64) async throws -> CatalogChange {
        guard after == change.generation else { return change }
        try await Task.sleep(for: .milliseconds(waitMs))
        return CatalogChange(generation: after, complete: false, entries: [])
    }

    package func read(_ digest: [UInt8], offset: Int64, length: Int) async throws -> [UInt8] {
        try files.read(digest, offset: offset, length: length)
    }

    /// Folders and zip files, by name; what begins with a dot, and other files, are not apps.
    private static func places(in folder: String) throws -> [String] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw ElvesError(.elvesConfigInvalid, "setting apps: cannot list \(folder): \(error)", cause: error)
        }
        return names.sorted().filter { !$0.hasPrefix(".") }.map { folder + "/" + $0 }.filter {
            $0.lowercased().hasSuffix(".zip") || isFolder($0)
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        (try? URL(filePath: path).resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true
    }

    private static func live(_ place: String, _ files: ConfiguredFiles) throws -> LiveVersion {
        do {
            let package = try read(place, files)
            return LiveVersion(
                AppVersion(
                    app: package.manifest.name, version: package.manifest.version,
                    manifest: ElvesContracts.AppManifest(package.manifest), tree: Tree(package.tree)))
        } catch let error as ElvesError {
            throw ElvesError(error.code, "\(place): \(error.message)", hint: error.hint, cause: error)
        }
    }

    private static func read(_ place: String, _ files: ConfiguredFiles) throws -> CheckedPackage {
        guard isFolder(place) else {
            return try PackageReader().read(zipAt: place, filename: place, into: files)
        }
        let zip = files.temporary().path(percentEncoded: false)
        defer { try? FileManager.default.removeItem(atPath: zip) }
        _ = try AppFolder(place).writeZip(to: zip)
        return try PackageReader().read(zipAt: zip, filename: place + ".zip", into: files)
    }
}
