package import ElvesCore
internal import Glibc

/// Where an agent keeps everything: one folder, nothing outside.
///
///     apps/APP            the live version: a link into versions, switched atomically
///     versions/APP/…      installed versions, the live one and the one before
///     state/APP           ELVES_STATE_DIR: the app's own, survives updates and removal
///     conf/               configuration
///     run/                sockets, the runner's lock, copies of workers' outputs
///     journal/            attempts
package struct AgentFolder: Sendable, Hashable {
    /// Absolute, without a slash at the end.
    package let root: String

    /// The folder at an absolute path.
    package init(root: String) {
        var root = root
        while root.count > 1, root.hasSuffix("/") { root.removeLast() }
        self.root = root
    }

    package var apps: String { root + "/apps" }
    package var versions: String { root + "/versions" }
    package var run: String { root + "/run" }
    package var journal: String { root + "/journal" }
    /// Copies of workers' outputs until the center has them.
    package var outputs: String { run + "/output" }

    /// The link to an app's live version.
    package func live(_ app: String) -> String { apps + "/" + app }
    /// An app's installed versions.
    package func versions(of app: String) -> String { versions + "/" + app }
    /// The folder of one installed version. Its name says version and content, so it is never another's.
    package func version(_ version: String, digest: [UInt8], of app: String) -> String {
        versions(of: app) + "/" + Self.versionName(version, digest: digest)
    }
    /// What the link to the live version holds.
    package func liveTarget(_ version: String, digest: [UInt8], of app: String) -> String {
        "../versions/\(app)/" + Self.versionName(version, digest: digest)
    }
    private static func versionName(_ version: String, digest: [UInt8]) -> String {
        version + "-" + Hex.encode(digest.prefix(6))
    }
    /// An app's own folder.
    package func state(of app: String) -> String { root + "/state/" + app }

    /// Makes what is missing; only this user may read the sockets and the journal.
    package func prepare() throws(ElvesError) {
        for folder in [apps, versions, root + "/state", root + "/conf"] { try Disk.makeFolders(folder) }
        for folder in [run, outputs, journal] {
            try Disk.makeFolders(folder)
            chmod(folder, 0o700)
        }
    }
}
