import ElvesCLI
import Testing

@Suite struct TargetTextTests {
    @Test(arguments: ["127.0.0.1", "web-01,web-02", "zone=bj,role in (web,api),!canary", "*"])
    func textWithoutFilesStaysAsItIs(text: String) throws {
        #expect(try TargetText.expand(text) == text)
    }

    @Test func aFileGivesATargetALine() throws {
        let folder = try ScratchFolder()
        let path = try folder.write("web-01\n\n# the old ones\n  web-02  # spare\n", to: "targets")
        #expect(try TargetText.expand("@\(path)") == "web-01,web-02")
        #expect(try TargetText.expand("db-01,@\(path)") == "db-01,web-01,web-02")
    }

    @Test func anEmptyOrMissingFileIsRefused() throws {
        let folder = try ScratchFolder()
        let path = try folder.write("# none\n", to: "targets")
        #expect(throws: Failure.self) { try TargetText.expand("@\(path)") }
        #expect(throws: Failure.self) { try TargetText.expand("@\(folder.path)/nope") }
    }

    @Test func tellsOneTargetFromMany() {
        #expect(TargetText.isSingle("127.0.0.1") && TargetText.isSingle("web-01"))
        for text in ["a,b", "zone=bj", "!canary", "*", "", "role in (web)"] { #expect(!TargetText.isSingle(text)) }
    }
}
