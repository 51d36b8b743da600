import ElvesCLI
import Foundation
import Testing

@Suite struct SettingsLookupTests {
    private let home: ScratchFolder

    init() throws { home = try ScratchFolder() }

    private func find(_ environment: [String: String] = [:], data: String? = nil) throws -> Settings {
        try lookup(environment).find(data: data)
    }

    private func lookup(_ environment: [String: String] = [:]) -> SettingsLookup {
        let context = CommandContext(
            environment: environment.merging(["HOME": home.path]) { first, _ in first },
            terminal: RecordingTerminal(), now: { Date(timeIntervalSince1970: 0) }, clock: ContinuousClock())
        return SettingsLookup(context)
    }

    @Test func sourcesCountInTheirOrder() throws {
        let data = home.url.appending(path: "up data", directoryHint: .isDirectory)
        _ = try home.write(
            #"{"url":"http://up:1","auth_id":"a","secret":"s","token":"up"}"#, to: "up data/credentials.json")
        try lookup().remember(dataFolder: data)
        #expect(try find().token == "up")

        _ = try home.write(#"{"url":"http://user:2","token":"user"}"#, to: ".config/elves/config.json")
        #expect(try find().token == "user")

        let named = try home.write(#"{"url":"http://named:3","token":"named"}"#, to: "named.json")
        #expect(try find(["ELVES_CONFIG": named]).token == "named")

        let environment = ["ELVES_URL": "http://env:4", "ELVES_TOKEN": "env", "ELVES_CONFIG": named]
        #expect(try find(environment).token == "env")
        #expect(try find(environment, data: data.path(percentEncoded: false)).token == "up")
    }

    @Test func aUserCanPointToADataFolder() throws {
        _ = try home.write(#"{"url":"http://up:1","token":"up"}"#, to: "d/credentials.json")
        _ = try home.write(#"{"data":"\#(home.path)/d"}"#, to: ".config/elves/config.json")
        #expect(try find().url.absoluteString == "http://up:1")
    }

    @Test func anEndedCenterIsForgotten() throws {
        try lookup().remember(dataFolder: home.url.appending(path: "gone"))
        #expect(try failure { try find() }.code == "cli.url.missing")
    }

    @Test func everyWrongSettingSaysWhatIsWrong() throws {
        #expect(try failure { try find() }.hint.contains("elves up"))
        #expect(try failure { try find(["ELVES_TOKEN": "t"]) }.detail == "ELVES_TOKEN is set without ELVES_URL")
        #expect(try failure { try find(["ELVES_URL": "localhost"]) }.detail.contains("no usable address: localhost"))
        #expect(try failure { try find(["ELVES_CONFIG": "/nope"]) }.detail.contains("/nope"))
        #expect(try failure { try find(data: home.path) }.code == "cli.credentials.missing")
        let broken = try home.write("{", to: "broken.json")
        #expect(try failure { try find(["ELVES_CONFIG": broken]) }.code == "cli.credentials.unreadable")
    }

    private func failure(_ body: () throws -> Settings) throws -> Failure {
        let failure = #expect(throws: Failure.self) { try body() }
        return try #require(failure)
    }
}
