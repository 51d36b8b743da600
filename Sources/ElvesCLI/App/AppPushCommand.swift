package import ArgumentParser
internal import ElvesClient

/// `elves app push`.
package struct AppPushCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "push", abstract: "Store a version of an app at the center; its first version goes live.")

    @Argument(help: "An app's folder, or a zip file.", completion: .file()) var path: String
    @OptionGroup var output: JSONOption
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Pushes it.
    package func run() async throws {
        let context = CommandContext.current
        let package = try AppUpload.read(path)
        let center = try place.connect().center
        let size = Wording.count(max(1, package.zip.count / 1024))
        let progress = Progress(context, label: "pushing \(package.filename), \(size) KiB")
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
        guard !result.activated else { return }
        context.terminal.note("make it live: elves app activate \(result.app) \(result.version)")
    }
}
