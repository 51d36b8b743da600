internal import ElvesCore
internal import Foundation

/// The text after `--on` and `--exclude`.
package enum TargetText {
    /// Puts the content of every `@file` in its place: a target a line, `#` starts a remark.
    package static func expand(_ text: String) throws -> String {
        guard text.contains("@") else { return text }
        let words = text.split(separator: ",", omittingEmptySubsequences: true).map { word in
            word.trimmingCharacters(in: .whitespaces)
        }
        return try words.flatMap { word in
            word.hasPrefix("@") ? try lines(ofFile: String(word.dropFirst())) : [word]
        }.joined(separator: ",")
    }

    /// Whether the text names one agent by itself: an ip or a name, no selector, no list.
    package static func isSingle(_ text: String) -> Bool {
        !text.isEmpty && !text.contains { "=!,()*@ \t".contains($0) }
    }

    private static func lines(ofFile path: String) throws -> [String] {
        let content: String
        do {
            content = try String(contentsOf: URL(filePath: path), encoding: .utf8)
        } catch {
            throw Failure(
                .cliFileUnreadable, "the target file \(path) cannot be read: \(error.localizedDescription)",
                status: .usage)
        }
        let targets = content.split(whereSeparator: \.isNewline).map { line in
            line.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
        }.filter { !$0.isEmpty }
        guard !targets.isEmpty else { throw Failure.usage("the target file \(path) names no target") }
        return targets
    }
}
