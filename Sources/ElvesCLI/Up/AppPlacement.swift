internal import ElvesClient
internal import ElvesCore
internal import Foundation

/// Brings every app folder of a folder to the center and to all agents.
struct AppPlacement: Sendable {
    let center: ElvesCenter
    let note: @Sendable (String) -> Void

    /// Pushes, activates and binds; gives the live version of each app.
    func place(appsIn folder: String) async throws -> [String: String] {
        var versions: [String: String] = [:]
        for path in try Self.folders(in: folder) {
            let (app, version) = try await place(path)
            versions[app] = version
        }
        return versions
    }

    /// The app folders: those that hold an `app.yaml`, in the order of their names.
    static func folders(in folder: String) throws -> [String] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw Failure(
                .cliFileUnreadable, "the apps folder \(folder) cannot be read: \(error.localizedDescription)",
                status: .usage)
        }
        let paths = names.sorted().map { URL(filePath: folder).appending(path: $0).path(percentEncoded: false) }
        return paths.filter { FileManager.default.fileExists(atPath: $0 + "/app.yaml") }
    }

    private func place(_ path: String) async throws -> (String, String) {
        let upload = try AppUpload.read(path)
        let (app, version) = (upload.app, upload.version)
        do {
            _ = try await center.push(zip: upload.zip, filename: upload.filename)
        } catch {
            guard case .problem(let problem) = error, problem.status == 409 else { throw error }
            note("\(app) \(version) was pushed before and differs from \(path): raise its version to push it again")
        }
        let record = try await center.app(app)
        if record.liveVersion != version { _ = try await center.activate(app, version: version) }
        if !record.bindings.contains(where: { $0.targets == "*" }) { _ = try await center.bind(app, to: "*") }
        return (app, version)
    }
}
