internal import ArgumentParser
internal import ElvesClient
internal import ElvesCore
internal import Foundation

/// What a call may be given beside its function, targets and param.
struct CallOptions: ParsableArguments {
    /// The options, for messages.
    static let names = "--file, --start-by, --retries, --max-failures and --label"

    @Option(
        help: ArgumentHelp(
            "Lay a file beside the worker, under its own or another name; repeatable, at most 32.",
            valueName: "PATH[:NAME]"),
        completion: .file())
    var file: [String] = []
    @Option(
        help: ArgumentHelp(
            "Wait so long for agents that are not connected: seconds, or such as 10m, 2h.", valueName: "TIME"))
    var startBy: String?
    @Option(
        help: ArgumentHelp(
            "Try again so often where it ended badly; only functions that their app calls idempotent.",
            valueName: "N"))
    var retries: Int?
    @Option(
        help: ArgumentHelp("Of many targets: start no more when more than so many failed.", valueName: "N|N%"))
    var maxFailures: String?
    @Option(help: ArgumentHelp("Label it, for elves task list --label; repeatable.", valueName: "NAME=VALUE"))
    var label: [String] = []

    init() {}

    var isEmpty: Bool {
        file.isEmpty && startBy == nil && retries == nil && maxFailures == nil && label.isEmpty
    }

    var retryRule: Retries? { retries.map { Retries(attempts: $0 + 1) } }

    /// Checks what the parser cannot.
    func validate() throws {
        if let retries, !(1...99).contains(retries) { throw ValidationError("--retries is 1 to 99.") }
        if file.count > 32 { throw ValidationError("A call takes at most 32 files.") }
        _ = try labels()
        _ = try startBySeconds()
        _ = try failureLimit()
    }

    func labels() throws -> [String: String]? {
        label.isEmpty ? nil : try LabelText.parse(label, separator: "=")
    }

    func startBySeconds() throws -> Double? {
        guard let startBy else { return nil }
        guard let milliseconds = try? DurationText.milliseconds(startBy, bareUnit: .seconds(1)) else {
            throw ValidationError("--start-by is seconds, or a time such as 90s, 10m or 2h, not \(startBy).")
        }
        return Double(milliseconds) / 1000
    }

    func failureLimit() throws -> FailureLimit? {
        guard let maxFailures else { return nil }
        guard let limit = FailureLimit(maxFailures) else {
            throw ValidationError("--max-failures is a number, or a percentage such as 5%, not \(maxFailures).")
        }
        return limit
    }

    /// Uploads what the center does not have yet.
    func provideFiles(to center: ElvesCenter) async throws -> [CallFile]? {
        guard !file.isEmpty else { return nil }
        var files: [CallFile] = []
        for text in file {
            let local = try LocalFile(text)
            guard !files.contains(where: { $0.name == local.name }) else {
                throw Failure.usage(
                    "two files are called \(local.name)", hint: "give one another name: --file PATH:NAME")
            }
            let blob = try await center.provide(local.content)
            files.append(CallFile(name: local.name, digest: blob.digest, mode: local.mode))
        }
        return files
    }
}

/// Labels as people type them.
enum LabelText {
    static func parse(_ texts: [String], separator: Character) throws -> [String: String] {
        var labels: [String: String] = [:]
        for text in texts {
            guard let place = text.firstIndex(of: separator), place != text.startIndex else {
                throw ValidationError("--label is NAME=VALUE, such as ticket=OPS-12, not \(text).")
            }
            labels[String(text[..<place])] = String(text[text.index(after: place)...])
        }
        return labels
    }
}

/// A file of this machine that goes with a call.
struct LocalFile {
    /// Bytes, at most.
    static let limit = 64 << 20

    let name: String
    /// Permission bits in octal.
    let mode: String
    let content: [UInt8]

    /// Reads `PATH` or `PATH:NAME`; a path that has a colon itself is tried first.
    init(_ text: String) throws {
        var path = text
        var name: String?
        if !FileManager.default.fileExists(atPath: text), let colon = text.lastIndex(of: ":") {
            path = String(text[..<colon])
            name = String(text[text.index(after: colon)...])
        }
        let url = URL(filePath: path)
        self.name = name ?? url.lastPathComponent
        guard !self.name.isEmpty, !self.name.contains("/"), ![".", ".."].contains(self.name) else {
            throw Failure.usage("\"\(self.name)\" is no name for a file beside the worker", hint: "leave out any \"/\"")
        }
        guard FileManager.default.fileExists(atPath: path) else {
            throw Failure(.cliFileUnreadable, "there is no file \(path)", status: .usage)
        }
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            guard attributes[.type] as? FileAttributeType != .typeDirectory else {
                throw Failure(.cliFileUnreadable, "\(path) is a folder", hint: "pack it into one file", status: .usage)
            }
            let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
            guard size <= Self.limit else {
                throw Failure(
                    .schedulerBlobTooLong,
                    "\(path) has \(Wording.count(size)) bytes; a file of a call has at most 64 MiB",
                    hint: "put larger ones into an app, or where workers can fetch them", status: .usage)
            }
            let bits = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0o644
            let octal = String(bits & 0o777, radix: 8)
            mode = String(repeating: "0", count: max(0, 4 - octal.count)) + octal
            content = Array(try Data(contentsOf: url))
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                .cliFileUnreadable, "the file \(path) cannot be read: \(error.localizedDescription)", status: .usage)
        }
    }
}
