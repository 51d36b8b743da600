package import ArgumentParser
internal import ElvesClient
internal import Foundation

/// `elves app push`.
package struct AppPushCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "push", abstract: "Store a version of an app at the center; its first version goes live.")

    @Argument(help: "A zip file.", completion: .file()) var path: String
    @OptionGroup var output: JSONOption
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Pushes it.
    package func run() async throws {
        let context = CommandContext.current
        let package = try AppUpload.read(path)
        let center = try place.connect().center
        let progress = Progress(context, label: "pushing \(package.filename), \(package.zip.count / 1024) KiB")
        let result = try await progress.during { () async throws(CenterError) in
            try await center.push(zip: package.zip, filename: package.filename)
        }
        if output.json {
            context.terminal.print(try JSONLines.text(result))
            return
        }
        let files = Wording.count(result.files, "file")
        let live = result.activated ? ", now live" : ""
        context.terminal.print("pushed \(result.app) \(result.version), \(files)\(live)")
        if !result.activated {
            context.terminal.note("make it live: elves app activate \(result.app) \(result.version)")
        }
    }
}

/// A package to push.
struct AppUpload {
    var filename: String
    var zip: [UInt8]

    static func read(_ path: String) throws -> AppUpload {
        let url = URL(filePath: path)
        do {
            return AppUpload(filename: url.lastPathComponent, zip: Array(try Data(contentsOf: url)))
        } catch {
            throw Failure(
                "cli.file.unreadable", "\(path) cannot be read: \(error.localizedDescription)", status: .usage)
        }
    }
}
