import ElvesCore
import Foundation
import Testing

@Suite struct ErrorCodeTests {
    @Test func codesAreUniqueAndWellFormed() {
        var seen: Set<String> = []
        for entry in ErrorCode.all {
            #expect(seen.insert(entry.code).inserted, "\(entry.code) stands twice")
            let parts = entry.code.split(separator: ".", omittingEmptySubsequences: false)
            #expect((2...3).contains(parts.count), "\(entry.code)")
            for part in parts {
                #expect(part.first?.isLowercase == true, "\(entry.code)")
                #expect(part.allSatisfy { $0.isASCII && $0.isLetter }, "\(entry.code)")
            }
        }
    }

    @Test(arguments: ErrorCode.all) func everyEntryIsComplete(entry: ErrorCode) {
        #expect(!entry.title.isEmpty && entry.title.last != ".")
        #expect(entry.hint.count > 10 && entry.hint.last == ".", "\(entry.code): a hint is a sentence that helps")
        #expect((400...599).contains(entry.status))
        #expect(entry.fault != .caller || entry.status < 500 || entry.code == "elves.deadline")
        #expect(ErrorCode.find(entry.code)?.title == entry.title)
    }

    /// An entry that no family lists would be missing in the reference and in `find`.
    @Test func everyDeclaredEntryIsListed() throws {
        let folder = Repository.root.appending(path: "Sources/ElvesCore/Errors")
        var declared: Set<String> = []
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: #/ErrorCode\(\s*"([A-Za-z.]+)"/#) { declared.insert(String(match.1)) }
        }
        #expect(declared == Set(ErrorCode.all.map(\.code)))
    }

    @Test func everyCodeOfTheContractHasAnEntry() {
        let used = Set(ErrorCode.all.map(\.elves2.code))
        #expect(Set(Elves2Code.all.map(\.code)).subtracting(used) == [])
        #expect(Elves2Code.all.count == Set(Elves2Code.all.map(\.code)).count)
    }

    @Test func anUnknownCodeIsKept() {
        let error = ElvesError(
            code: "moon.full", message: "the moon is full", hint: "wait", retryable: true, details: ["phase": "full"])
        #expect(error.code.code == "moon.full")
        #expect(error.isRetryable)
        #expect(error.hint == "wait")
        #expect(error.code.status == 500)
    }

    @Test func anErrorFallsBackOnItsEntry() {
        let plain = ElvesError(.openapiAuthSignature)
        #expect(plain.message == "Wrong signature")
        #expect(plain.hint == ErrorCode.openapiAuthSignature.hint)
        let wrapped = ElvesError(wrapping: plain)
        #expect(wrapped.code == .openapiAuthSignature)
        #expect(ElvesError(wrapping: CancellationError()).code == .elvesCancelled)
        struct Odd: Error {}
        #expect(ElvesError(wrapping: Odd()).code == .elvesInternal)
        let broken = #expect(throws: JSONError.self) { try JSONValue(parsing: "{") }
        if let broken { #expect(ElvesError(wrapping: broken).code == .elvesJsonInvalid) }
    }
}
