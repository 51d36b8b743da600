/// A regular expression whose matching time grows linearly with the text, whatever the expression.
///
/// JSON Schema's `pattern` comes from an app's author and the text from any caller, so a backtracking matcher
/// would let a caller stop the edge. This one steps through all alternatives at once (Thompson's construction).
/// It knows what JSON Schema recommends authors to keep to: literals, `.`, classes, `\d \w \s` and their
/// opposites, groups, `|`, `* + ? {n,m}`, `^` and `$`; it has no back references and no look-around.
struct LinearPattern: Sendable {
    /// The longest text, in Unicode scalars, that is looked at; a longer one does not match.
    static let longestText = 65_536

    /// The expression as written.
    let text: String
    private let program: [Step]

    /// One step of the machine; numbers are places in the program.
    enum Step: Sendable {
        case scalar(ScalarSet)
        case start
        case end
        case jump(Int)
        case split(Int, Int)
        case match
    }

    /// Reads an expression.
    /// - Throws: `PatternError`, which says what is wrong or not supported.
    init(_ text: String) throws {
        self.text = text
        var parser = PatternParser(text)
        let tree = try parser.pattern()
        var compiler = PatternCompiler()
        try compiler.add(tree)
        program = compiler.steps + [.match]
    }

    /// Whether the expression matches anywhere in `candidate`, as JSON Schema has it.
    func isFound(in candidate: String) -> Bool {
        let scalars = Array(candidate.unicodeScalars.prefix(Self.longestText + 1))
        guard scalars.count <= Self.longestText else { return false }
        var now = Places(program.count)
        var next = Places(program.count)
        for place in 0...scalars.count {
            if reach(0, &now, place, scalars.count) { return true }
            guard place < scalars.count else { return false }
            next.clear()
            for index in now.list {
                guard case .scalar(let set) = program[index], set.contains(scalars[place]) else { continue }
                if reach(index + 1, &next, place + 1, scalars.count) { return true }
            }
            swap(&now, &next)
        }
        return false
    }

    /// Adds the steps that are reached from `index` without reading; answers whether the end is among them.
    private func reach(_ index: Int, _ places: inout Places, _ place: Int, _ count: Int) -> Bool {
        var open = [index]
        while let index = open.popLast() {
            guard places.insert(index) else { continue }
            switch program[index] {
            case .match: return true
            case .jump(let target): open.append(target)
            case .split(let left, let right): open += [right, left]
            case .start: if place == 0 { open.append(index + 1) }
            case .end: if place == count { open.append(index + 1) }
            case .scalar: break
            }
        }
        return false
    }

    /// A set of program places that is cleared in no time.
    private struct Places {
        private(set) var list: [Int] = []
        private var marks: [Int]
        private var mark = 1

        init(_ count: Int) { marks = Array(repeating: 0, count: count) }

        mutating func insert(_ index: Int) -> Bool {
            guard marks[index] != mark else { return false }
            marks[index] = mark
            list.append(index)
            return true
        }

        mutating func clear() {
            list.removeAll(keepingCapacity: true)
            mark += 1
        }
    }
}

/// Why an expression cannot be used.
struct PatternError: Error, Hashable, Sendable, CustomStringConvertible {
    let description: String
}

/// The scalars that one step accepts.
struct ScalarSet: Sendable {
    var ranges: [ClosedRange<Unicode.Scalar>]
    var isNegated = false

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        ranges.contains { $0.contains(scalar) } != isNegated
    }

    static let digits = ScalarSet(ranges: ["0"..."9"])
    static let word = ScalarSet(ranges: ["a"..."z", "A"..."Z", "0"..."9", "_"..."_"])
    static let space = ScalarSet(ranges: [
        "\t"..."\r", " "..." ", "\u{A0}"..."\u{A0}", "\u{2000}"..."\u{200A}", "\u{2028}"..."\u{2029}",
        "\u{3000}"..."\u{3000}", "\u{FEFF}"..."\u{FEFF}",
    ])
    static let anyButNewline = ScalarSet(ranges: ["\n"..."\n", "\r"..."\r", "\u{2028}"..."\u{2029}"], isNegated: true)

    /// What this set does not hold, as ranges.
    var opposite: [ClosedRange<Unicode.Scalar>] {
        var free: [ClosedRange<Unicode.Scalar>] = []
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound.value > next, let gap = Self.gap(next, range.lowerBound.value - 1) { free.append(gap) }
            next = max(next, range.upperBound.value + 1)
        }
        if let gap = Self.gap(next, 0x10FFFF) { free.append(gap) }
        return free
    }

    private static func gap(_ from: UInt32, _ to: UInt32) -> ClosedRange<Unicode.Scalar>? {
        guard from <= to, let low = Unicode.Scalar(from), let high = Unicode.Scalar(to) else { return nil }
        return low...high
    }
}
