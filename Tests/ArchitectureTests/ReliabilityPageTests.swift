import ElvesCore
import Foundation
import Testing

/// docs/reliability.md names codes and tests; both must be there.
@Suite struct ReliabilityPageTests {
    private struct Row {
        let fault: String
        let codes: [String]
        let tests: [String]
    }

    private func rows() throws -> [Row] {
        let page = try String(contentsOf: Sources.root.appending(path: "docs/reliability.md"), encoding: .utf8)
        let start = try #require(page.range(of: "## Bad input and faults"))
        let table = page[start.upperBound...].prefix { $0 != "#" }
        return table.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst().compactMap { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 3, !cells[0].hasPrefix("**") else { return nil }
            return Row(fault: cells[0], codes: Self.quoted(cells[1]), tests: Self.quoted(cells[2]))
        }
    }

    private static func quoted(_ text: String) -> [String] {
        text.matches(of: #/`([^`]+)`/#).map { String($0.1) }
    }

    @Test func everyCodeIsInTheRegistry() throws {
        let known = Set(ErrorCode.all.map(\.code))
        let rows = try rows()
        #expect(rows.count > 50)
        for row in rows {
            for code in row.codes where code.contains(#/^[a-z]+\.[a-zA-Z.]+$/#) {
                #expect(known.contains(code), "\(row.fault): \(code)")
            }
        }
    }

    @Test func everyTestExists() throws {
        let files = try Sources.files(in: "Tests")
        var names: Set<String> = []
        for file in files {
            for match in file.text.matches(of: #/(?:struct|func) (\w+)/#) { names.insert(String(match.1)) }
            if let folder = file.path.split(separator: "/").dropFirst().first { names.insert(String(folder)) }
        }
        for row in try rows() {
            #expect(!row.tests.isEmpty || row.fault.isEmpty, "\(row.fault) names no test")
            for test in row.tests {
                for part in test.split(whereSeparator: { $0 == "/" || $0 == "." }) {
                    #expect(names.contains(String(part)), "\(row.fault): \(test)")
                }
            }
        }
    }
}
