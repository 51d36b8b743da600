package import ElvesCore

/// One thing that is wrong with `app.yaml`, where, and what would be right.
package struct LintProblem: Hashable, Sendable, CustomStringConvertible {
    /// Line in `app.yaml`, from 1.
    package let line: Int
    /// Entry of the error registry.
    package let code: ErrorCode
    /// What is wrong.
    package let message: String
    /// What would be right.
    package let hint: String

    init(line: Int, code: ErrorCode = .packageManifestField, _ message: String, hint: String) {
        self.line = line
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// `app.yaml:3: unknown key "verison"; did you mean "version"?`
    package var description: String { "app.yaml:\(line): \(message); \(hint)" }

    /// One error that says all problems, in the order of their lines.
    package static func error(_ problems: [LintProblem]) -> ElvesError {
        let sorted = problems.sorted { $0.line < $1.line }
        return ElvesError(
            sorted.first?.code ?? .packageManifestField,
            sorted.map(\.description).joined(separator: "\n"),
            hint: "see all problems of a folder with: elves app lint FOLDER",
            details: ["problems": String(sorted.count)])
    }
}
