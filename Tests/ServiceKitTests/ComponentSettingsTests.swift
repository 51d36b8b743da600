import Foundation
import Logging
import ServiceCore
import Testing
import ThriftNIO

@testable import ServiceKit

@Suite struct ComponentSettingsTests {
    /// Settings with a configuration file of that text.
    private func settings(
        yaml: String, flags: [String] = [], environment: [String: String] = [:]
    ) async throws -> ComponentSettings {
        let file = FileManager.default.temporaryDirectory.appending(path: "elves-settings-\(UUID().uuidString).yaml")
        try Data(yaml.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try await ComponentSettings(
            arguments: ["program", "--config", file.path(percentEncoded: false)] + flags, environment: environment)
    }

    private func settings(_ flags: String..., environment: [String: String] = [:]) async throws -> ComponentSettings {
        try await ComponentSettings(arguments: ["program"] + flags, environment: environment)
    }

    /// The whole matrix: of those that name a key the strongest wins.
    @Test(arguments: 0..<8) func flagsOverEnvironmentOverFile(which: Int) async throws {
        let (inFile, inEnvironment, inFlags) = (which & 1 != 0, which & 2 != 0, which & 4 != 0)
        let settings = try await settings(
            yaml: inFile ? "tls:\n  ca: file\nother: \"1\"\n" : "other: \"1\"\n",
            flags: inFlags ? ["--tls-ca", "flag"] : [], environment: inEnvironment ? ["ELVES_TLS_CA": "variable"] : [:])
        #expect(settings.text("tls.ca") == (inFlags ? "flag" : inEnvironment ? "variable" : inFile ? "file" : nil))
        #expect(settings.text("other") == "1")
    }

    @Test func variablesOfOthersAreNotRead() async throws {
        let settings = try await settings(environment: ["DATA": "/theirs", "ELVESDATA": "/theirs"])
        #expect(settings.text("data") == nil)
    }

    @Test func theFileIsNamedByFlagOrVariable() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "elves-settings-\(UUID().uuidString).yaml")
        try Data("data: \"/d\"\n".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let named = try await settings(environment: ["ELVES_CONFIG": file.path(percentEncoded: false)])
        #expect(named.text("data") == "/d")
    }

    @Test func aFileThatCannotBeReadIsAnError() async throws {
        let absent = await #expect(throws: SettingError.self) {
            _ = try await settings("--config", "/nonexistent/elves.yaml")
        }
        #expect(absent?.description.contains("setting config: cannot read /nonexistent/elves.yaml") == true)
        await #expect(throws: SettingError.self) { _ = try await settings(yaml: "tls: [unclosed\n") }
    }

    @Test func whatIsMissingSaysEveryWayToGiveIt() async throws {
        let settings = try await settings(environment: ["ELVES_TLS_KEY": ""])
        for key in ["tls.key", "tls.ca"] {
            let error = #expect(throws: SettingError.self) { try settings.required(key) }
            let words = error?.description ?? ""
            #expect(words.contains("setting \(key): missing"))
            #expect(words.contains("--tls-") && words.contains("ELVES_TLS_") && words.contains("configuration file"))
        }
    }

    @Test(arguments: ["0", "257", "many", "1.5"]) func numbersOutOfBoundsAreErrors(text: String) async throws {
        let settings = try await settings("--threads=\(text)")
        let error = #expect(throws: SettingError.self) { try settings.number("threads", default: 1, in: 1...256) }
        #expect(error?.description.contains("is not a whole number from 1 to 256") == true)
    }

    @Test func numbersAndAddressesAreRead() async throws {
        let settings = try await settings("--threads", "256", "--listen", "[::1]:7", "--peers-scheduler", "nowhere")
        #expect(try settings.number("threads", default: 1, in: 1...256) == 256)
        #expect(try settings.number("other", default: 3, in: 1...256) == 3)
        #expect(try settings.requiredAddress("listen") == .tcp(host: "::1", port: 7))
        #expect(try settings.address("health.listen") == nil)
        let error = #expect(throws: SettingError.self) { try settings.address("peers.scheduler") }
        #expect(error?.description.contains("\"nowhere\" is not host:port") == true)
    }

    @Test func logsAreSet() async throws {
        let usual = try await settings()
        #expect(try usual.logLevel() == .info && usual.logFormat() == nil)
        let set = try await settings("--log-level", "debug", environment: ["ELVES_LOG_FORMAT": "json"])
        #expect(try set.logLevel() == .debug && set.logFormat() == .json)
        let wrong = try await settings("--log-level", "loud", "--log-format", "xml")
        let level = #expect(throws: SettingError.self) { try wrong.logLevel() }
        #expect(level?.description.contains("\"loud\" is none of trace, debug, info") == true)
        let format = #expect(throws: SettingError.self) { try wrong.logFormat() }
        #expect(format?.description.contains("\"xml\" is neither text nor json") == true)
    }

    /// A flag is seen by everybody on the machine, so a key is a file's path, never its content.
    @Test func aKeyIsAFileAndIsNotRepeated() async throws {
        let settings = try await settings(
            "--tls-key=-----BEGIN PRIVATE KEY-----secret", environment: ["ELVES_TLS_CA": "first\nsecret"])
        for key in ["tls.key", "tls.ca"] {
            let error = #expect(throws: SettingError.self) { try settings.file(key) }
            let words = error?.description ?? ""
            #expect(words.contains("give the path of a file") && !words.contains("secret"), "\(words)")
        }
    }
}
