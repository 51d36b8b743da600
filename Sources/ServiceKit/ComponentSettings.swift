internal import Configuration
package import Logging
package import ServiceCore
internal import SystemPackage
package import ThriftNIO

/// A setting that is missing or wrong.
package struct SettingError: Error, Sendable, CustomStringConvertible {
    package let key: String
    package let problem: String

    package var description: String { "setting \(key): \(problem)" }
}

/// What a center component is told from outside: flags over environment (`ELVES_…`) over a YAML file.
package struct ComponentSettings: Sendable {
    private let reader: ConfigReader

    /// Reads `--config FILE` or `ELVES_CONFIG` if either is given, the environment and the flags.
    package init(arguments: [String], environment: [String: String]) async throws {
        let flags = CommandLineArgumentsProvider(arguments: arguments)
        let variables = EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "elves")
        let above = ConfigReader(providers: [flags, variables])
        guard let path = above.string(forKey: "config") else {
            reader = above
            return
        }
        do {
            let file = try await FileProvider<YAMLSnapshot>(filePath: FilePath(path))
            reader = ConfigReader(providers: [flags, variables, file])
        } catch {
            throw SettingError(key: "config", problem: "cannot read \(path): \(error)")
        }
    }

    /// Text, or nil.
    package func text(_ key: String) -> String? { reader.string(forKey: ConfigKey(key)) }

    /// Text that must be there.
    package func required(_ key: String) throws(SettingError) -> String {
        guard let text = text(key), !text.isEmpty else {
            throw SettingError(key: key, problem: "missing. Give \(Self.ways(key))")
        }
        return text
    }

    /// A file's path that must be there. The content itself is refused, and not repeated: flags are seen by
    /// everybody on the machine.
    package func file(_ key: String) throws(SettingError) -> String {
        let path = try required(key)
        guard !path.contains("-----BEGIN"), !path.contains("\n") else {
            throw SettingError(key: key, problem: "is the content of a file; give the path of a file that holds it")
        }
        return path
    }

    /// The least that is logged; `info` by default.
    package func logLevel() throws(SettingError) -> Logger.Level {
        let text = text("log.level") ?? "info"
        guard let level = Logger.Level(rawValue: text) else {
            throw SettingError(
                key: "log.level",
                problem: "\"\(text)\" is none of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return level
    }

    /// How log lines look; nil leaves it to where they go.
    package func logFormat() throws(SettingError) -> ElvesLogHandler.Format? {
        guard let text = text("log.format") else { return nil }
        guard let format = ElvesLogHandler.Format(rawValue: text) else {
            throw SettingError(key: "log.format", problem: "\"\(text)\" is neither text nor json")
        }
        return format
    }

    /// A whole number within bounds, or the default.
    package func number(_ key: String, default standard: Int, in range: ClosedRange<Int>) throws(SettingError) -> Int {
        guard let text = text(key) else { return standard }
        guard let number = Int(text), range.contains(number) else {
            throw SettingError(
                key: key, problem: "\"\(text)\" is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// An address, or nil when the key is absent.
    package func address(_ key: String) throws(SettingError) -> ThriftAddress? {
        guard let text = text(key) else { return nil }
        guard let address = ThriftAddress(parsing: text) else {
            throw SettingError(key: key, problem: "\"\(text)\" is not host:port, such as 127.0.0.1:11100")
        }
        return address
    }

    /// An address that must be there.
    package func requiredAddress(_ key: String) throws(SettingError) -> ThriftAddress {
        guard let address = try address(key) else {
            throw SettingError(key: key, problem: "missing. Give \(Self.ways(key)), as host:port")
        }
        return address
    }

    private static func ways(_ key: String) -> String {
        let flag = "--" + key.split(separator: ".").joined(separator: "-")
        let variable = "ELVES_" + key.uppercased().split(separator: ".").joined(separator: "_")
        return "\(flag), the variable \(variable), or \(key) in the configuration file"
    }
}
