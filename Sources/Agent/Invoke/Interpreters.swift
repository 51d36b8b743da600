package import ElvesCore
internal import Glibc

/// Finds programs on this machine: the default Python, and interpreters that entries and proxies name.
package struct Interpreters: Sendable {
    /// Folders that are searched, and the workers' PATH.
    package let path: String
    private let configured: String?

    /// `python`: the interpreter of ELVES 2.0 apps; nil takes the first of python and python3 that is found.
    package init(path: String, python: String? = nil) {
        self.path = path
        configured = python
    }

    /// The absolute path of the interpreter of ELVES 2.0 apps.
    package func python() throws(ElvesError) -> String {
        if let configured { return try find(configured) }
        // The contract's own path first.
        for candidate in ["/usr/bin/python", "python", "python3"] {
            if let found = try? find(candidate) { return found }
        }
        throw ElvesError(
            .agentWorkerInterpreterMissing, "neither python nor python3 is in \(path)",
            hint: "Install python3, or name an interpreter in the agent's configuration: python = /path/to/it.")
    }

    /// The absolute path of a program that is named by itself or by its path.
    package func find(_ name: String) throws(ElvesError) -> String {
        if name.hasPrefix("/") {
            guard access(name, X_OK) == 0 else { throw missing(name, "it is not there, or not executable") }
            return name
        }
        guard !name.isEmpty, !name.contains("/") else { throw missing(name, "give a name, or an absolute path") }
        for folder in path.split(separator: ":") where folder.hasPrefix("/") {
            let candidate = "\(folder)/\(name)"
            if access(candidate, X_OK) == 0 { return candidate }
        }
        throw missing(name, "it is not in \(path)")
    }

    private func missing(_ name: String, _ why: String) -> ElvesError {
        ElvesError(
            .agentWorkerInterpreterMissing, "no interpreter \"\(name)\": \(why)", details: ["interpreter": name])
    }
}
