import ElvesCore
import Foundation
import Testing

/// docs/reliability.md names codes and tests: both must be there, and the tests must speak of the codes.
@Suite struct ReliabilityPageTests {
    private struct Row {
        let claim: String
        /// In the registry's words.
        let codes: [String]
        /// In ELVES 2.0's.
        let elves2: [String]
        let tests: [String]
    }

    /// Read once: it takes seconds.
    private static let read = Result { try TestCatalogue() }
    private let catalogue: TestCatalogue

    init() throws {
        catalogue = try Self.read.get()
    }

    /// The rows of the table under that heading; its last column names tests.
    private func rows(under heading: String) throws -> [Row] {
        let page = try String(contentsOf: Sources.root.appending(path: "docs/reliability.md"), encoding: .utf8)
        let start = try #require(page.range(of: "## \(heading)\n"))
        let end = page[start.upperBound...].range(of: "\n## ")?.lowerBound ?? page.endIndex
        // The first row is the heads of the columns.
        let lines = page[start.upperBound..<end].split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
        return try lines.compactMap { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            if cells.first?.hasPrefix("**") == true { return nil }
            try #require((2...3).contains(cells.count), "\(line)")
            let codes = cells.count == 3 ? cells[1] : ""
            return Row(
                claim: cells[0], codes: Self.quoted(codes).filter { $0.contains(#/^[a-z]+\.[a-zA-Z.]+$/#) },
                elves2: codes.matches(of: #/\b4\d\d\.\d\b/#).map { String($0.0) },
                tests: Self.quoted(cells[cells.count - 1]))
        }
    }

    private static func quoted(_ text: String) -> [String] {
        text.matches(of: #/`([^`]+)`/#).map { String($0.1) }
    }

    @Test func everyCodeIsInTheRegistry() throws {
        let rows = try rows(under: "Bad input and faults")
        #expect(rows.count > 50)
        for row in rows {
            for code in row.codes { #expect(ErrorCode.find(code) != nil, "\(row.claim): \(code)") }
        }
    }

    @Test func everyTestExists() throws {
        for heading in ["Held", "Bad input and faults"] {
            let rows = try rows(under: heading)
            #expect(rows.count > 15)
            for row in rows {
                #expect(!row.tests.isEmpty, "\(row.claim) names no test")
                for missing in catalogue.missing(of: row.tests) { Issue.record("\(row.claim): no test \(missing)") }
            }
        }
    }

    /// A test that never names the code shows something else.
    @Test func theTestsSpeakOfTheCodes() throws {
        for row in try rows(under: "Bad input and faults") {
            let text = catalogue.text(of: row.tests)
            for code in row.codes {
                let found = Self.words(for: code).contains { text.contains($0) }
                #expect(found, "\(row.claim): no test of it names \(code)")
            }
            for code in row.elves2 { #expect(text.contains(code), "\(row.claim): no test of it names \(code)") }
        }
    }

    /// How a test may name a code: as it is, as a member of the registry, or as what ELVES 2.0 makes of it.
    private static func words(for code: String) -> [String] {
        let parts = code.split(separator: ".")
        let member = parts[0] + parts.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        let elves2 = ErrorCode.find(code)?.elves2.code
        return [code, "." + member] + (elves2 == "500" ? [] : [elves2].compactMap(\.self))
    }

    @Test func namesOfTestsAreResolved() throws {
        #expect(catalogue.missing(of: ["ReliabilityPageTests/everyTestExists", "everyCodeIsInTheRegistry"]) == [])
        #expect(catalogue.missing(of: ["ArchitectureTests", "ArchitectureTests.LayerTests"]) == [])
        #expect(catalogue.missing(of: ["LayerTests/everyTestExists"]) == ["LayerTests/everyTestExists"])
        #expect(catalogue.missing(of: ["LayerTests", "everyTestExists"]) == ["everyTestExists"])
        #expect(catalogue.missing(of: ["ReliabilityPageTests/quoted"]) == ["ReliabilityPageTests/quoted"])
        #expect(catalogue.missing(of: ["ArchitectureTests.CodecTests"]) == ["ArchitectureTests.CodecTests"])
    }
}
