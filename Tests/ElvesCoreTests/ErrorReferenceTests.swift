import ElvesCore
import Foundation
import Testing

@Suite struct ErrorReferenceTests {
    private var page: URL { Repository.root.appending(path: "docs/reference/errors.md") }

    /// With `ELVES_UPDATE_REFERENCE=1` in the environment the page is written anew instead.
    @Test func theCommittedPageIsTheRegistry() throws {
        if ProcessInfo.processInfo.environment["ELVES_UPDATE_REFERENCE"] == "1" {
            try Data(ErrorReference.markdown.utf8).write(to: page)
        }
        let committed = try String(contentsOf: page, encoding: .utf8)
        #expect(
            committed == ErrorReference.markdown,
            "run: ELVES_UPDATE_REFERENCE=1 swift test --filter ErrorReferenceTests, and commit docs/reference/errors.md"
        )
    }
}
