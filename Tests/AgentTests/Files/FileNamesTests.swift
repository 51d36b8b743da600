import ElvesContracts
import ElvesCore
import Testing

@testable import Agent

@Suite struct FileNamesTests {
    private func file(_ name: String, size: Int64 = 1, mode: Int32? = nil, digest: Int = 32) -> FileRef {
        FileRef(name: name, digest: [UInt8](repeating: 7, count: digest), size: size, mode: mode)
    }

    @Test(arguments: ["nginx.conf", ".hidden", "ünïcode €", "a b", "..x", String(repeating: "n", count: 255)])
    func ordinaryNamesAreTaken(name: String) throws { try FileNames.check([file(name)]) }

    @Test(arguments: [
        ("", "without a name"), (".", "a folder's"), ("..", "a folder's"), ("a/b", "no /"), ("/etc/passwd", "no /"),
        ("a\nb", "control"), ("a\u{0}", "control"), ("a\u{7F}", "control"),
        (String(repeating: "n", count: 256), "256 bytes"),
    ]) func othersAreRefusedAndToldWhy(name: String, why: String) {
        let error = #expect(throws: ElvesError.self) { try FileNames.check([file(name)]) }
        #expect(error?.code == .agentFilesMissing && error?.message.contains(why) == true, "\(error?.message ?? "")")
    }

    @Test func aCallBringsWhatFits() throws {
        try FileNames.check((0..<32).map { file("\($0)", size: 2 << 20) })
        for files in [
            (0..<33).map { file("\($0)") }, [file("a"), file("a")], [file("a", size: (64 << 20) + 1)],
            [file("a", size: 64 << 20), file("b")], [file("a", size: -1)],
            [file("a", size: .max), file("b", size: .max)],
            [file("a", digest: 31)], [file("a", mode: 0o4755)], [file("a", mode: -1)],
        ] {
            #expect(throws: ElvesError.self) { try FileNames.check(files) }
        }
    }
}
