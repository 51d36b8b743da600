/// Reads the words and signs that selectors and targets are made of.
struct TermScanner {
    private let text: String
    private let units: [UInt8]
    private let code: ErrorCode
    private(set) var place = 0

    init(_ text: String, code: ErrorCode) {
        self.text = text
        self.code = code
        units = Array(text.utf8)
        skipSpace()
    }

    // MARK: Signs and words; every reader leaves `place` after the spaces that follow.

    var atEnd: Bool { place == units.count }

    func sees(_ sign: Unicode.Scalar) -> Bool { !atEnd && units[place] == UInt8(ascii: sign) }

    mutating func take(_ sign: Unicode.Scalar) -> Bool {
        guard sees(sign) else { return false }
        place += 1
        skipSpace()
        return true
    }

    /// Everything up to a space or a sign; empty when one of these is next.
    mutating func word() -> String {
        let start = place
        while !atEnd, !Self.isSpace(units[place]), !Self.signs.contains(units[place]) { place += 1 }
        let word = String(decoding: units[start..<place], as: UTF8.self)
        skipSpace()
        return word
    }

    /// Takes the word if it is next and ends there.
    mutating func take(word: String) -> Bool {
        let start = place
        if self.word() == word { return true }
        place = start
        return false
    }

    private mutating func skipSpace() {
        while !atEnd, Self.isSpace(units[place]) { place += 1 }
    }

    private static let signs: Set<UInt8> = Set(",;()=!<>".utf8)

    private static func isSpace(_ unit: UInt8) -> Bool { unit == 0x20 || (0x09...0x0D).contains(unit) }

    // MARK: Errors

    /// What is next, for messages.
    var found: String {
        guard !atEnd else { return "the end" }
        var copy = self
        let word = copy.word()
        if !word.isEmpty { return "\"\(word)\"" }
        return "\"\(Unicode.Scalar(units[place]))\""
    }

    func error(_ problem: String, at offset: Int? = nil) -> ElvesError {
        let column = units.prefix(offset ?? place).count { $0 & 0xC0 != 0x80 } + 1
        return ElvesError(
            code, "in \"\(text)\" at character \(column): \(problem)",
            details: ["text": text, "character": "\(column)"])
    }

    // MARK: Selector grammar

    /// Reads `requirement ("," requirement)*`.
    mutating func requirements() throws(ElvesError) -> [Selector.Requirement] {
        var list: [Selector.Requirement] = []
        repeat { list.append(try requirement()) } while take(",")
        return list
    }

    private mutating func requirement() throws(ElvesError) -> Selector.Requirement {
        if sees("!") { return try absence() }
        let start = place
        let key = word()
        guard !key.isEmpty else { throw error("a label key should stand here, not \(found)") }
        if let comparison = try comparison(of: key, at: start) { return comparison }
        return .init(key: try checked(key: key, at: start), test: .exists)
    }

    /// Reads `!key`.
    mutating func absence() throws(ElvesError) -> Selector.Requirement {
        _ = take("!")
        let start = place
        let key = word()
        guard !key.isEmpty else { throw error("a label key should follow \"!\", not \(found)") }
        return .init(key: try checked(key: key, at: start), test: .absent)
    }

    /// What follows a key: `= value`, `in (…)` and so on; nil when no comparison follows.
    mutating func comparison(of key: String, at start: Int) throws(ElvesError) -> Selector.Requirement? {
        let test: Selector.Requirement.Test
        if take("=") {
            _ = take("=")
            test = .anyOf([try value()])
        } else if take("!") {
            guard take("=") else { throw error("\"=\" should follow \"!\" here, not \(found)") }
            test = .noneOf([try value()])
        } else if sees("<") || sees(">") {
            throw error("\(found) is not understood; use =, !=, in or notin")
        } else if take(word: "in") {
            test = .anyOf(try values(after: "in"))
        } else if take(word: "notin") {
            test = .noneOf(try values(after: "notin"))
        } else {
            return nil
        }
        return .init(key: try checked(key: key, at: start), test: test)
    }

    private mutating func values(after name: String) throws(ElvesError) -> Set<String> {
        guard take("(") else { throw error("\"(\" should follow \"\(name)\", not \(found)") }
        var values: Set<String> = []
        repeat { values.insert(try value()) } while take(",")
        guard take(")") else { throw error("\",\" or \")\" should stand here, not \(found)") }
        return values
    }

    private mutating func value() throws(ElvesError) -> String {
        let start = place
        let value = word()
        if let problem = Label.problem(withValue: value) { throw error(problem, at: start) }
        return value
    }

    private func checked(key: String, at start: Int) throws(ElvesError) -> String {
        if let problem = Label.problem(withKey: key) { throw error(problem, at: start) }
        return key
    }
}
