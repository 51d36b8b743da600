/// Swift source in the making: lines with indentation.
struct SwiftText {
    var lines: [String] = []
    private var depth = 0

    /// The whole text, with a line break at its end.
    var text: String { lines.joined(separator: "\n") + "\n" }

    mutating func line(_ line: String = "") {
        lines.append(line.isEmpty ? "" : String(repeating: "    ", count: depth) + line)
    }

    /// A line that opens a brace, what `body` adds, and the closing brace.
    mutating func block(_ head: String, _ body: (inout SwiftText) throws -> Void) rethrows {
        line("\(head) {")
        try indented(body)
        line("}")
    }

    /// As `block`, for a closure with parameters.
    mutating func closure(_ head: String, _ parameters: String, _ body: (inout SwiftText) throws -> Void) rethrows {
        line("\(head) { \(parameters) in")
        try indented(body)
        line("}")
    }

    /// A switch; `body` adds its cases.
    mutating func switching(_ subject: String, _ body: (inout SwiftText) throws -> Void) rethrows {
        line("switch \(subject) {")
        try body(&self)
        line("}")
    }

    mutating func indented(_ body: (inout SwiftText) throws -> Void) rethrows {
        depth += 1
        try body(&self)
        depth -= 1
    }

    /// A call or declaration with its arguments: on one line when it fits, else one argument a line.
    mutating func list(_ head: String, _ arguments: [String], _ tail: String) {
        let single = "\(head)\(arguments.joined(separator: ", "))\(tail)"
        if depth * 4 + single.count <= 120 {
            line(single)
            return
        }
        line(head)
        indented { text in
            for (index, argument) in arguments.enumerated() {
                text.line(argument + (index == arguments.count - 1 ? "" : ","))
            }
        }
        line(tail)
    }

    /// The IDL's words as a doc comment; `fallback` when it has none.
    mutating func doc(_ doc: String, or fallback: String = "") {
        let words = doc.isEmpty ? fallback : doc
        guard !words.isEmpty else { return }
        for part in words.split(separator: "\n", omittingEmptySubsequences: false) {
            let trimmed = String(part.reversed().drop { $0 == " " || $0 == "\t" || $0 == "\r" }.reversed())
            line(trimmed.isEmpty ? "///" : "/// \(trimmed)")
        }
    }
}
