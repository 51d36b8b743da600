public import Foundation

/// What a call is about beside its parameter.
public struct Call: Sendable {
    /// The task's id, 16 hex digits.
    public let task: String
    /// The app's name.
    public let app: String
    /// The function that is asked for.
    public let function: String
    /// How long the worker may run; nil without a limit.
    public let timeout: Duration?
    /// The app's own folder on this machine; it survives updates.
    public let stateFolder: URL
    /// Files that came with the call, by their names.
    public let files: [String: URL]
    let outputFolder: URL?
    let param: Data?

    init(_ request: Data, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        guard let root = try? JSONSerialization.jsonObject(with: request) as? [String: Any] else { throw NoRequest() }
        task = root["task"] as? String ?? ""
        app = root["app"] as? String ?? ""
        function = root["function"] as? String ?? ""
        let milliseconds = root["timeout_ms"] as? Int ?? 0
        timeout = milliseconds > 0 ? .milliseconds(milliseconds) : nil
        stateFolder = URL(
            fileURLWithPath: environment["ELVES_STATE_DIR"] ?? ".", isDirectory: true)
        files = Self.files(in: environment["ELVES_FILES_DIR"])
        outputFolder = environment["ELVES_OUTPUT_DIR"].map { URL(fileURLWithPath: $0, isDirectory: true) }
        param = try root["param"].map { try JSONSerialization.data(withJSONObject: $0, options: [.fragmentsAllowed]) }
    }

    /// Where to write a file of that name that goes back to the caller.
    ///
    /// - Throws: ``FileNotReturnable`` for a name that is none, and where no files can be returned.
    public func outputFile(_ name: String) throws -> URL {
        guard !name.isEmpty, name != ".", name != "..", !name.contains("/") else {
            throw FileNotReturnable(description: "a returned file has a plain name, without /: \"\(name)\"")
        }
        guard let outputFolder else {
            throw FileNotReturnable(description: "no files can be returned here: ELVES_OUTPUT_DIR is not set")
        }
        return outputFolder.appendingPathComponent(name, isDirectory: false)
    }

    /// Gives a copy of a file back to the caller, under its own or another name.
    public func returnFile(_ file: URL, as name: String? = nil) throws {
        try FileManager.default.copyItem(at: file, to: try outputFile(name ?? file.lastPathComponent))
    }

    private static func files(in folder: String?) -> [String: URL] {
        guard let folder, let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return [:] }
        let place = URL(fileURLWithPath: folder, isDirectory: true)
        return Dictionary(
            uniqueKeysWithValues: names.map { ($0, place.appendingPathComponent($0, isDirectory: false)) })
    }
}

/// A file cannot go back to the caller.
public struct FileNotReturnable: Error, CustomStringConvertible {
    /// Why.
    public let description: String
}

/// What came is no request of an agent.
struct NoRequest: Error, CustomStringConvertible {
    let description = "standard input holds no request; it should be one JSON object, such as {\"function\":\"greet\"}"
}
