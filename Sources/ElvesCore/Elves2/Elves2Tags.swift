/// What an ELVES 2.0 worker said on its standard output, between its tags.
package struct Elves2Tags: Hashable, Sendable {
    /// 1 when the flag was exactly `true`, else 0.
    package let flag: Int32
    /// The text between the result tags; broken UTF-8 is replaced.
    package let result: String

    /// Why the output holds no answer, which is flag -1.
    package enum Problem: Error, Hashable, Sendable {
        /// Nothing was printed.
        case empty
        /// The opening tag is not there.
        case missing(tag: String)
        /// The opening tag is there and no closing tag follows it.
        case open(tag: String)
    }

    /// Reads the tags; anything may stand around and between them, and text may span lines.
    ///
    /// Greedy: from the first opening tag to the last closing tag of that name.
    package init(output: [UInt8]) throws(Problem) {
        guard output.contains(where: { $0 > 0x20 }) else { throw .empty }
        let said = try Self.content(of: "ElvesWFlag", in: output)
        let text = try Self.content(of: "ElvesWResult", in: output)
        flag = said.elementsEqual("true".utf8) ? 1 : 0
        result = String(decoding: text, as: UTF8.self)
    }

    private static func content(of tag: String, in output: [UInt8]) throws(Problem) -> ArraySlice<UInt8> {
        let opening = Array("<\(tag)>".utf8)
        let closing = Array("</\(tag)>".utf8)
        guard let start = first(opening, in: output) else { throw .missing(tag: tag) }
        let from = start + opening.count
        guard let end = last(closing, in: output, from: from) else { throw .open(tag: tag) }
        return output[from..<end]
    }

    private static func first(_ word: [UInt8], in bytes: [UInt8]) -> Int? {
        guard bytes.count >= word.count else { return nil }
        return (0...(bytes.count - word.count)).first { isWord(word, in: bytes, at: $0) }
    }

    private static func last(_ word: [UInt8], in bytes: [UInt8], from: Int) -> Int? {
        guard bytes.count - from >= word.count else { return nil }
        return (from...(bytes.count - word.count)).last { isWord(word, in: bytes, at: $0) }
    }

    private static func isWord(_ word: [UInt8], in bytes: [UInt8], at place: Int) -> Bool {
        for offset in word.indices where bytes[place + offset] != word[offset] { return false }
        return true
    }
}

extension Elves2Tags.Problem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty: "the worker printed nothing; it should print <ElvesWFlag> and <ElvesWResult>"
        case .missing(let tag): "the worker printed no <\(tag)>"
        case .open(let tag): "the worker printed <\(tag)> and no </\(tag)> after it"
        }
    }

    /// The reason, and the first of what was printed instead.
    package func message(output: [UInt8]) -> String {
        guard self != .empty else { return description }
        let start = String(decoding: output.prefix(200), as: UTF8.self)
        return "\(description); its output starts with \(JSONValue.string(start))"
    }
}
