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
    let param: Data?

    init(_ request: Data) throws {
        guard let root = try? JSONSerialization.jsonObject(with: request) as? [String: Any] else { throw NoRequest() }
        task = root["task"] as? String ?? ""
        app = root["app"] as? String ?? ""
        function = root["function"] as? String ?? ""
        let milliseconds = root["timeout_ms"] as? Int ?? 0
        timeout = milliseconds > 0 ? .milliseconds(milliseconds) : nil
        stateFolder = URL(
            fileURLWithPath: ProcessInfo.processInfo.environment["ELVES_STATE_DIR"] ?? ".", isDirectory: true)
        param = try root["param"].map { try JSONSerialization.data(withJSONObject: $0, options: [.fragmentsAllowed]) }
    }
}

/// What came is no request of an agent.
struct NoRequest: Error, CustomStringConvertible {
    let description = "standard input holds no request; it should be one JSON object, such as {\"function\":\"greet\"}"
}
