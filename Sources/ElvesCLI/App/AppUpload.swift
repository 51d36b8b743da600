internal import AppPackage
internal import ElvesCore
internal import Foundation

/// A package to push.
struct AppUpload: Sendable {
    var filename: String
    var zip: [UInt8]
    /// The app, known before the push only where it comes from a folder.
    var app = ""
    /// The version, likewise.
    var version = ""

    /// Reads a zip file, or packs an app's folder after the checks of `elves app lint`.
    static func read(_ path: String) throws -> AppUpload {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Failure(.cliFileUnreadable, "\(path) does not exist", status: .usage)
        }
        return isFolder.boolValue
            ? try pack(path)
            : try AppUpload(
                filename: URL(filePath: path).lastPathComponent, zip: bytes(path))
    }

    private static func pack(_ folder: String) throws -> AppUpload {
        let temporary = FileManager.default.temporaryDirectory.appending(path: "elves-push-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: temporary, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: temporary) }
        let zip = temporary.appending(path: "package.zip").path(percentEncoded: false)
        let inspection = try AppFolder(folder).writeZip(to: zip)
        let (app, version) = (inspection.manifest?.name ?? "", inspection.manifest?.version ?? "")
        return AppUpload(filename: "\(app)_\(version).zip", zip: try bytes(zip), app: app, version: version)
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        do {
            return Array(try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw Failure(
                .cliFileUnreadable, "\(path) cannot be read: \(error.localizedDescription)", status: .usage)
        }
    }
}
