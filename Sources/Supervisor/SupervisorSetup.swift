internal import ElvesCore
internal import Foundation

/// `elves-supervisor init --data DIR [--admin-key FILE]`: makes what the supervisor refuses to invent
/// when it starts, while it does not run.
package enum SupervisorSetup {
    private static let usage = """
        usage: elves-supervisor init --data DIR [--admin-key FILE]
          --data DIR        makes DIR and its master.key, each unless it is there
          --admin-key FILE  makes an administrator's key and writes auth_id, secret and token to FILE
        """

    /// Runs the command and exits with 2 when it fails.
    ///
    /// - Parameter now: UTC milliseconds.
    package static func main(_ arguments: [String], now: @escaping @Sendable () -> Int64) async {
        do {
            guard let wish = try parse(arguments) else { return print(usage) }
            let folder = SupervisorFolder(wish.data)
            try folder.initialise()
            guard let file = wish.adminKey else { return }
            try await folder.makeAdministrator(comment: "administrator", file: file, now: now)
        } catch {
            FileHandle.standardError.write(Data("elves-supervisor init: \(error)\n".utf8))
            exit(2)
        }
    }

    /// What the arguments ask for; nil for help.
    static func parse(_ arguments: [String]) throws -> (data: String, adminKey: String?)? {
        var values: [String: String] = [:]
        var rest = arguments[...]
        while let flag = rest.popFirst() {
            if flag == "--help" || flag == "-h" { return nil }
            let parts = flag.split(separator: "=", maxSplits: 1).map(String.init)
            guard let name = parts.first, ["--data", "--admin-key"].contains(name) else {
                let near = Suggestion.phrase(for: flag, in: ["--data", "--admin-key"])
                throw ElvesError(.cliUsage, "unknown argument \"\(flag)\"\(near)", hint: usage)
            }
            guard let value = parts.count == 2 ? parts[1] : rest.popFirst(), !value.isEmpty else {
                throw ElvesError(.cliUsage, "\(name) has no value", hint: usage)
            }
            values[name] = value
        }
        guard let data = values["--data"] else {
            throw ElvesError(.cliUsage, "--data is missing", hint: usage)
        }
        return (data, values["--admin-key"])
    }
}
