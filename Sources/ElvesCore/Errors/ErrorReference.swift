/// The error registry as a page of the documentation.
package enum ErrorReference {
    /// The Markdown text of `docs/reference/errors.md`.
    package static var markdown: String {
        var lines = [
            "# Errors",
            "",
            "Made from the registry in `Sources/ElvesCore/Errors`; do not edit this page.",
            "",
            "Every error of `/api/v3` is a problem document with one of these codes, the command line prints the",
            "code and the hint, and `/api/v2` answers with the ELVES 2.0 code. *Retry* means that the same call may",
            "succeed later without a change. *Who* can mend it: the caller, the operator of center and machines,",
            "the author of the app, or the developers of Elves, because it is a bug.",
        ]
        var family = ""
        for entry in ErrorCode.all {
            let part = String(entry.code.prefix { $0 != "." })
            if part != family {
                family = part
                lines += ["", "## \(part)", "", "| code | problem | what to do | who | retry | HTTP | ELVES 2.0 |"]
                lines.append("|---|---|---|---|---|---|---|")
            }
            lines.append(row(entry))
        }
        lines += ["", "## ELVES 2.0 codes", "", "| code | text |", "|---|---|"]
        lines += Elves2Code.all.map { "| \($0.code) | \(cell($0.text)) |" }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func row(_ entry: ErrorCode) -> String {
        let cells = [
            "`\(entry.code)`", cell(entry.title), cell(entry.hint), entry.fault.rawValue,
            entry.isRetryable ? "yes" : "", "\(entry.status)", entry.elves2.code,
        ]
        return "| \(cells.joined(separator: " | ")) |"
    }

    /// Signs that Markdown would take for its own are escaped.
    private static func cell(_ text: String) -> String {
        var result = ""
        for character in text {
            if "|<>*_".contains(character) { result.append("\\") }
            result.append(character)
        }
        return result
    }
}
