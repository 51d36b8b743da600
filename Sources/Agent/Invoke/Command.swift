package import ElvesContracts
package import ElvesCore
internal import Glibc

/// The command line of a worker: which program, with which arguments.
package struct Command: Sendable, Hashable {
    /// Absolute path of the program, then its arguments.
    package var words: [String]
    /// Where it starts.
    package var workingFolder: String
    /// How many of the words are the same for every call: all but the parameter.
    package var fixedCount: Int

    /// How `task` is started, by the app's protocol, its entry and the caller's proxy.
    package init(
        _ task: RunTask, of app: ShelvedApp, in folder: AgentFolder, interpreters: Interpreters
    ) throws(ElvesError) {
        let isJSON = app.manifest.workerProtocol == .json
        let place = Self.place(of: app, in: folder)
        var words: [String]
        if let proxy = task.proxy, !proxy.isEmpty {
            guard !isJSON else {
                throw ElvesError(
                    .agentProxyInvalid,
                    "\(app.manifest.name) \(app.manifest.version) speaks the JSON protocol, which has no proxy",
                    hint: "Leave the proxy out: the manifest's entry is what runs.", details: ["proxy": proxy])
            }
            words = try Self.proxied(proxy, place: place, interpreters: interpreters)
        } else if !app.manifest.entry.isEmpty {
            words = try Self.entry(app, place: place, interpreters: interpreters)
        } else {
            words = [try interpreters.python(), try Self.existing("app-worker.py", place: place)]
        }
        if !isJSON {
            words += [task.app, task.func, Base64.encode((task.param ?? "").utf8)]
        }
        self.words = words
        fixedCount = isJSON ? words.count : words.count - 1
        // ELVES 2.0 starts workers in its own folder, with absolute paths.
        workingFolder = isJSON ? place : folder.root
    }

    /// The folder of just that version, which no update swaps under a worker. ELVES 2.0 workers know their app by the
    /// contract's path, the live link, as long as that is the same version.
    private static func place(of app: ShelvedApp, in folder: AgentFolder) -> String {
        let (manifest, digest) = (app.manifest, app.treeDigest)
        let version = folder.version(manifest.version, digest: digest, of: manifest.name)
        if manifest.workerProtocol == .json { return version }
        let live = folder.live(manifest.name)
        let target = folder.liveTarget(manifest.version, digest: digest, of: manifest.name)
        return Disk.linkTarget(live) == target ? live : version
    }

    /// `interpreter|file` or `file`, the file inside the app.
    private static func proxied(
        _ proxy: String, place: String, interpreters: Interpreters
    ) throws(ElvesError) -> [String] {
        let parts = proxy.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let file = parts[parts.count - 1]
        guard DesiredApp.isPath(file) else {
            throw ElvesError(
                .agentProxyInvalid, "the proxy \"\(proxy)\" does not name a file inside the app",
                details: ["proxy": proxy])
        }
        if parts.count == 2 { return [try interpreters.find(parts[0]), try existing(file, place: place)] }
        return [try executable(file, place: place)]
    }

    /// The entry's first word that is a file of the package is the worker; words before it are its interpreter's.
    private static func entry(
        _ app: ShelvedApp, place: String, interpreters: Interpreters
    ) throws(ElvesError) -> [String] {
        var words = app.manifest.entry
        let file = words.firstIndex { app.files.contains(normalised($0)) }
        if file == 0 {
            words[0] = try executable(normalised(words[0]), place: place)
            return words
        }
        if let file { words[file] = try existing(normalised(words[file]), place: place) }
        words[0] = try interpreters.find(words[0])
        return words
    }

    private static func normalised(_ path: String) -> String {
        path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    }

    private static func existing(_ file: String, place: String) throws(ElvesError) -> String {
        let path = place + "/" + file
        guard Disk.exists(path) else {
            throw ElvesError(
                .agentWorkerEntryMissing, "the app has no file \"\(file)\" to start", details: ["file": file])
        }
        return path
    }

    private static func executable(_ file: String, place: String) throws(ElvesError) -> String {
        let path = place + "/" + file
        guard access(path, X_OK) == 0 else {
            _ = try existing(file, place: place)
            throw ElvesError(
                .agentWorkerNotExecutable, "\"\(file)\" is not executable and has no interpreter",
                details: ["file": file])
        }
        return path
    }
}
