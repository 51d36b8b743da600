internal import ElvesCore

/// ELVES 2.0 packages say name and version in their file name only.
package enum Elves2Package {
    /// The manifest that `{app}_{version}.zip` stands for.
    ///
    /// The version is what follows the last underscore.
    package static func manifest(filename: String) throws -> AppManifest {
        let base = filename.split(separator: "/").last.map(String.init) ?? filename
        guard base.lowercased().hasSuffix(".zip"), let cut = base.lastIndex(of: "_") else {
            throw ElvesError(
                .packageManifestMissing,
                "no app.yaml at the root of the zip file, and \(PathRules.shown(base)) is not APP_VERSION.zip",
                hint: "add app.yaml, or name an ELVES 2.0 package as in hello_1.0.zip")
        }
        let name = String(base[..<cut])
        let version = String(base[base.index(after: cut)...].dropLast(4))
        guard ManifestWords.isAppName(name) else {
            throw ElvesError(.packageName, "\(PathRules.shown(name)) cannot be an app's name")
        }
        guard ManifestWords.isVersion(version) else {
            throw ElvesError(.packageVersion, "\(PathRules.shown(version)) cannot be a version")
        }
        return AppManifest(name: name, version: version, workerProtocol: .elves2)
    }
}
