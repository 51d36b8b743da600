internal import ElvesCore
internal import Yams

/// Reads `app.yaml`, and finds everything that is wrong with it at once.
package enum ManifestReader {
    /// What a text turned out to be.
    package struct Reading: Sendable {
        /// The manifest; nil when there are problems.
        package let manifest: AppManifest?
        /// By line; empty when all is well.
        package let problems: [LintProblem]
        /// Where `entry` stands, for checks against the package's files.
        let entryLine: Int
    }

    /// The file at the root of every package of our own kind.
    package static let filename = "app.yaml"

    /// Reads the bytes of an `app.yaml`.
    package static func read(_ bytes: [UInt8]) -> Reading {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return failure(1, "the file is not UTF-8 text", hint: "save it as UTF-8")
        }
        return read(text)
    }

    /// Reads the text of an `app.yaml`.
    package static func read(_ text: String) -> Reading {
        // An alias of an alias grows without bound when it is resolved, and Yams resolves by itself.
        guard aliasLikeWords(text) <= 8 else {
            return failure(1, "the file has many words that begin with *", hint: "write values out, without aliases")
        }
        do {
            let parser = try Parser(yaml: text, encoding: .utf8)
            guard let root = try parser.singleRoot() else {
                return failure(1, "the file is empty", hint: "start with: name: my-app")
            }
            var lint = ManifestLint()
            // Nodes refer to their anchors weakly; the parser owns them.
            let manifest = withExtendedLifetime(parser) { lint.manifest(root) }
            let problems = lint.problems.sorted { $0.line < $1.line }
            return Reading(
                manifest: problems.isEmpty ? manifest : nil, problems: problems, entryLine: lint.entryLine)
        } catch {
            return syntaxFailure(error)
        }
    }

    /// Whether the entry of a manifest is among the package's files, and can be started.
    package static func entryProblems(_ reading: Reading, _ tree: PackageTree) -> [LintProblem] {
        guard let manifest = reading.manifest, let first = manifest.entry.first else { return [] }
        let line = reading.entryLine
        guard let file = manifest.entry.lazy.compactMap({ tree.file(normalised($0)) }).first else {
            let missing = manifest.entry.count == 1 ? first : manifest.entry[1]
            // Alone in the folder, app.yaml itself would be the suggestion.
            let near = tree.files.count > 1 ? Suggestion.nearest(to: missing, in: tree.files.map(\.path)) : nil
            return [
                LintProblem(
                    line: line, code: .packageEntryMissing, "entry names no file of the package",
                    hint: near.map { "did you mean \"\($0)\"?" } ?? "add the file \"\(missing)\", or correct entry")
            ]
        }
        guard file.path != normalised(first) || file.mode & 0o111 != 0 else {
            return [
                LintProblem(
                    line: line, code: .packageEntryNotExecutable, "\"\(first)\" cannot be executed",
                    hint: "chmod +x it, or name its interpreter: entry: [python3, \(first)]")
            ]
        }
        return []
    }

    private static func normalised(_ path: String) -> String {
        path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    }

    private static func failure(_ line: Int, _ message: String, hint: String) -> Reading {
        let problem = LintProblem(line: line, code: .packageManifestSyntax, message, hint: hint)
        return Reading(manifest: nil, problems: [problem], entryLine: line)
    }

    private static func syntaxFailure(_ error: any Error) -> Reading {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            failure(mark.line, "not YAML: \(problem)", hint: "look at this line and the one before it")
        case .duplicatedKeysInMapping(let keys, let context):
            failure(
                context.mark.line, "the key \"\(keys.first ?? "")\" is there twice", hint: "keep one of them")
        case .reader(let problem, _, _, _):
            failure(1, "not YAML: \(problem)", hint: "remove control characters")
        default:
            failure(1, "not YAML: \(error)", hint: "compare with what elves app new makes")
        }
    }

    private static func aliasLikeWords(_ text: String) -> Int {
        var before: UInt8 = 0x20
        var count = 0
        for byte in text.utf8 {
            if byte == UInt8(ascii: "*"), " \t\r\n,[{:-?".utf8.contains(before) { count += 1 }
            before = byte
        }
        return count
    }
}
