internal import ElvesClient
internal import ElvesCore
internal import Foundation

/// Brings every app folder of a folder to the center and to all agents.
struct AppPlacement: Sendable {
    let center: ElvesCenter
    let note: @Sendable (String) -> Void

    /// Pushes, activates and binds; gives the live version of each app.
    ///
    /// A folder that a push would refuse, such as that of an app that is not built yet, is named and left out.
    func place(appsIn folder: String) async throws -> [String: String] {
        var versions: [String: String] = [:]
        for path in try Self.folders(in: folder) {
            let upload: AppUpload
            do {
                upload = try AppUpload.read(path)
            } catch let error as ElvesError {
                note("\(path) is left out: \(error.message)")
                continue
            }
            try await place(upload, from: path)
            versions[upload.app] = upload.version
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

    private func place(_ upload: AppUpload, from path: String) async throws {
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
    }
}
