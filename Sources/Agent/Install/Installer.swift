package import ElvesContracts
package import ElvesCore
internal import Glibc
internal import Thrift

/// Brings the apps of an agent's folder to the desired state: beside, verify, switch.
///
/// Whatever goes wrong before the switch leaves the old version working.
package actor Installer {
    /// Gets a piece of a file by the SHA-256 of its content; at most `length` bytes.
    package typealias Fetch = @Sendable (_ digest: [UInt8], _ offset: Int64, _ length: Int32) async throws -> [UInt8]

    /// Bytes asked for in one call.
    static let pieceLength = 256 << 10

    private let folder: AgentFolder
    private let shelf: AppShelf
    private let fetch: Fetch

    package init(folder: AgentFolder, shelf: AppShelf, fetch: @escaping Fetch) {
        self.folder = folder
        self.shelf = shelf
        self.fetch = fetch
    }

    /// Puts on the shelf what is installed. Call once, at start.
    package func load() {
        for app in Disk.names(in: folder.apps) where DesiredApp.isName(app) {
            guard let target = Disk.linkTarget(folder.live(app)),
                let bytes = try? Disk.read(folder.apps + "/" + target + ".app"),
                let desired = try? ThriftReader.reading(
                    bytes, as: .binary, { reader throws(ThriftError) in try DesiredApp(from: &reader) })
            else { continue }
            shelf.put(ShelvedApp(desired))
        }
    }

    /// Installs, updates and removes. Answers with the registry errors of the apps that could not be installed.
    ///
    /// Only what `removals` names is removed: an empty state removes nothing.
    package func apply(_ state: DesiredState) async -> [ElvesError] {
        var errors: [ElvesError] = []
        for app in state.removals where DesiredApp.isName(app) { remove(app) }
        for desired in state.apps {
            do {
                try await install(desired)
            } catch {
                let known = error as? ElvesError ?? ElvesError(.agentAppInstallFailed, "\(error)", cause: error)
                shelf.note(problem: known.message, of: desired.manifest.name)
                errors.append(known)
            }
        }
        return errors
    }

    private func remove(_ app: String) {
        Disk.remove(folder.live(app))
        Disk.remove(folder.versions(of: app))
        shelf.remove(app)
    }

    private func install(_ desired: DesiredApp) async throws {
        try desired.check()
        let app = desired.manifest.name
        let shelved = ShelvedApp(desired)
        if shelf[app: app] == shelved { return shelf.put(shelved) }
        let versions = folder.versions(of: app)
        let installed = folder.version(desired.manifest.version, digest: desired.tree.digest, of: app)
        let name = String(installed.dropFirst(versions.count + 1))
        let staging = versions + "/.new-" + name
        // A folder under its final name was verified and synced before it got the name.
        if !Disk.exists(installed) {
            try Disk.makeFolders(staging)
            for file in desired.tree.files { try await bring(file, to: staging, app: app) }
            try syncFolders(of: desired.tree, under: staging)
            try Disk.move(staging, to: installed)
            try Disk.syncFolder(versions)
        }
        var writer = ThriftWriter(.binary)
        desired.write(to: &writer)
        try Disk.replace(installed + ".app", with: writer.bytes())
        let before = Disk.linkTarget(folder.live(app))?.split(separator: "/").last.map(String.init)
        try Disk.link(
            folder.live(app),
            to: folder.liveTarget(desired.manifest.version, digest: desired.tree.digest, of: app))
        shelf.put(shelved)
        // Workers of the version before may still run from its folder.
        for old in Disk.names(in: versions) {
            let keeps = [name, before].compactMap { $0 }.contains { old == $0 || old == $0 + ".app" }
            if !keeps { Disk.remove(versions + "/" + old) }
        }
    }

    /// Gets one file into the staging folder: it is there, or a copy is on this disk, or it is fetched.
    private func bring(_ file: TreeFile, to staging: String, app: String) async throws {
        let path = staging + "/" + file.path
        if !isWhole(path, file) {
            try Disk.makeFolders(Disk.parent(of: path))
            let part = folder.versions(of: app) + "/.part-" + Hex.encode(file.digest)
            let old = folder.live(app) + "/" + file.path
            if isWhole(old, file) {
                try Disk.copy(old, to: part)
            } else {
                try await download(file, to: part)
            }
            guard isWhole(part, file) else {
                Disk.remove(part)
                throw ElvesError(
                    .agentFileDigest, "\(file.path) of \(app) did not arrive as it was announced",
                    details: ["app": app, "path": file.path])
            }
            Disk.remove(path)
            try Disk.move(part, to: path)
        }
        let done = try OpenFile(path, O_RDONLY)
        try done.setMode(mode_t(file.mode & 0o777))
        try done.sync()
    }

    /// Fetches a file; what an interrupted fetch left is not asked for again.
    private func download(_ file: TreeFile, to part: String) async throws {
        var size = Disk.size(part) ?? 0
        if size > file.size {
            Disk.remove(part)
            size = 0
        }
        let open = try OpenFile(part, O_WRONLY | O_CREAT | O_APPEND)
        while size < file.size {
            let length = min(Int64(Self.pieceLength), file.size - size)
            let piece = try await fetch(file.digest, size, Int32(length))
            guard !piece.isEmpty, piece.count <= length else {
                throw ElvesError(
                    .agentFileDigest, "\(file.path) ends after \(size) of \(file.size) bytes",
                    details: ["path": file.path])
            }
            try open.write(piece)
            size += Int64(piece.count)
        }
    }

    private func isWhole(_ path: String, _ file: TreeFile) -> Bool {
        guard Disk.size(path) == file.size else { return false }
        return (try? SHA256.digest(ofFile: path)) == file.digest
    }

    private func syncFolders(of tree: Tree, under staging: String) throws(ElvesError) {
        var folders: Set<String> = [staging]
        for file in tree.files {
            var folder = Disk.parent(of: staging + "/" + file.path)
            while folders.insert(folder).inserted { folder = Disk.parent(of: folder) }
        }
        for folder in folders.sorted(by: >) { try Disk.syncFolder(folder) }
    }
}
