internal import Foundation

/// The environment this process was given.
enum ProcessEnvironment {
    static var current: [String: String] { ProcessInfo.processInfo.environment }
}

/// The end of a process that cannot go on.
enum ProcessExit {
    /// Says why on standard error and exits with 2.
    static func fail(_ message: String) -> Never {
        FileHandle.standardError.write(Data((message + "\n").utf8))
        exit(2)
    }
}
