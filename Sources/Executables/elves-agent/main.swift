import Agent
import Glibc

/// The process's environment as names and values.
private func environment() -> [String: String] {
    var values: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
        let parts = String(cString: entry).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 { values[String(parts[0])] = String(parts[1]) }
        next += 1
    }
    return values
}

exit(await AgentProgram.main(Array(CommandLine.arguments.dropFirst()), environment: environment()))
