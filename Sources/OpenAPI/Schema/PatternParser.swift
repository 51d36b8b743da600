/// An expression's parts.
indirect enum PatternTree {
    case scalar(ScalarSet)
    case start
    case end
    case sequence([PatternTree])
    case choice([PatternTree])
    /// `most` nil: without end.
    case `repeat`(PatternTree, least: Int, most: Int?)
}

/// Reads an expression by recursive descent.
struct PatternParser {
    private static let longest = 512
    private static let deepest = 32
    private static let mostRepeats = 256

    private var rest: ArraySlice<Unicode.Scalar>
    private var depth = 0

    init(_ text: String) {
        rest = Array(text.unicodeScalars)[...]
    }

    mutating func pattern() throws -> PatternTree {
        guard rest.count <= Self.longest else {
            throw PatternError(description: "the pattern is longer than \(Self.longest) characters")
        }
        let tree = try choice()
        guard rest.isEmpty else { throw PatternError(description: "a \")\" without its \"(\"") }
        return tree
    }

    private mutating func choice() throws -> PatternTree {
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws -> PatternTree {
        var parts: [PatternTree] = []
        while let next = rest.first, next != "|", next != ")" {
            parts.append(try quantified(try atom()))
        }
        return .sequence(parts)
    }

    private mutating func quantified(_ atom: PatternTree) throws -> PatternTree {
        let tree: PatternTree
        switch rest.first {
        case "*": tree = .repeat(atom, least: 0, most: nil)
        case "+": tree = .repeat(atom, least: 1, most: nil)
        case "?": tree = .repeat(atom, least: 0, most: 1)
        case "{":
            let bounds = try counts()
            tree = .repeat(atom, least: bounds.least, most: bounds.most)
        default: return atom
        }
        rest.removeFirst()
        _ = take("?")  // Lazy or greedy: the same answer to "is it found".
        if let again = rest.first, again == "*" || again == "+" || again == "?" {
            throw PatternError(description: "two quantifiers in a row")
        }
        return tree
    }

    /// Reads `{n}`, `{n,}` or `{n,m}` up to its `}`.
    private mutating func counts() throws -> (least: Int, most: Int?) {
        let inside = rest.dropFirst().prefix { $0 != "}" }
        guard rest.dropFirst(inside.count + 1).first == "}" else {
            throw PatternError(description: "a \"{\" without its \"}\"; a literal one is \\{")
        }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: inside)
        let parts = String(text).split(separator: ",", omittingEmptySubsequences: false)
        let isOpen = parts.count == 2 && parts[1].isEmpty
        guard (1...2).contains(parts.count), let least = Int(parts[0]), least >= 0 else {
            throw PatternError(description: "{\(String(text))} is not {n}, {n,} or {n,m}")
        }
        let most = isOpen ? nil : Int(parts[parts.count - 1])
        guard isOpen || most != nil, (most ?? least) >= least, max(least, most ?? 0) <= Self.mostRepeats else {
            throw PatternError(description: "{\(String(text))} is not a range within 0 to \(Self.mostRepeats)")
        }
        rest = rest.dropFirst(inside.count + 1)
        return (least, most)
    }

    private mutating func atom() throws -> PatternTree {
        guard let next = rest.popFirst() else { throw PatternError(description: "the pattern ends too early") }
        switch next {
        case ".": return .scalar(.anyButNewline)
        case "^": return .start
        case "$": return .end
        case "(": return try group()
        case "[": return .scalar(try set())
        case "\\": return .scalar(try escape())
        case "*", "+", "?", "{": throw PatternError(description: "\"\(next)\" has nothing to repeat")
        default: return .scalar(ScalarSet(ranges: [next...next]))
        }
    }

    private mutating func group() throws -> PatternTree {
        if take("?") {
            guard take(":") else { throw PatternError(description: "look-around and named groups are not supported") }
        }
        depth += 1
        guard depth <= Self.deepest else { throw PatternError(description: "groups are nested too deeply") }
        let tree = try choice()
        guard take(")") else { throw PatternError(description: "a \"(\" without its \")\"") }
        depth -= 1
        return tree
    }

    private mutating func set() throws -> ScalarSet {
        var set = ScalarSet(ranges: [], isNegated: take("^"))
        while let next = rest.popFirst() {
            if next == "]" { return set }
            let low = next == "\\" ? try escape() : ScalarSet(ranges: [next...next])
            guard rest.first == "-", let after = rest.dropFirst().first, after != "]" else {
                set.ranges += low.isNegated ? low.opposite : low.ranges
                continue
            }
            rest.removeFirst()
            rest.removeFirst()
            let high = after == "\\" ? try escape() : ScalarSet(ranges: [after...after])
            guard let from = low.single, let to = high.single, from <= to else {
                throw PatternError(description: "a range in [] goes from a lower to a higher character")
            }
            set.ranges.append(from...to)
        }
        throw PatternError(description: "a \"[\" without its \"]\"")
    }

    private mutating func escape() throws -> ScalarSet {
        guard let next = rest.popFirst() else { throw PatternError(description: "the pattern ends after \\") }
        switch next {
        case "d": return .digits
        case "w": return .word
        case "s": return .space
        case "D": return ScalarSet(ranges: ScalarSet.digits.ranges, isNegated: true)
        case "W": return ScalarSet(ranges: ScalarSet.word.ranges, isNegated: true)
        case "S": return ScalarSet(ranges: ScalarSet.space.ranges, isNegated: true)
        case "t": return ScalarSet(ranges: ["\t"..."\t"])
        case "n": return ScalarSet(ranges: ["\n"..."\n"])
        case "r": return ScalarSet(ranges: ["\r"..."\r"])
        case "x": return try code(digits: 2)
        case "u": return try code(digits: 4)
        case "a"..."z", "A"..."Z", "0"..."9":
            throw PatternError(description: "\\\(next) is not supported")
        default: return ScalarSet(ranges: [next...next])
        }
    }

    private mutating func code(digits: Int) throws -> ScalarSet {
        let text = rest.prefix(digits).map { String($0) }.joined()
        guard text.utf8.count == digits, let value = UInt32(text, radix: 16), let scalar = Unicode.Scalar(value) else {
            throw PatternError(description: "an escape by number wants \(digits) hex digits of a character")
        }
        rest = rest.dropFirst(digits)
        return ScalarSet(ranges: [scalar...scalar])
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == scalar else { return false }
        rest.removeFirst()
        return true
    }
}

extension ScalarSet {
    /// The one scalar of this set, if it is only one.
    fileprivate var single: Unicode.Scalar? {
        guard !isNegated, ranges.count == 1, ranges[0].lowerBound == ranges[0].upperBound else { return nil }
        return ranges[0].lowerBound
    }
}

/// Turns parts into steps.
struct PatternCompiler {
    private static let longest = 2000
    private(set) var steps: [LinearPattern.Step] = []

    mutating func add(_ tree: PatternTree) throws {
        guard steps.count <= Self.longest else {
            throw PatternError(description: "the pattern's repetitions make it too large")
        }
        switch tree {
        case .scalar(let set): steps.append(.scalar(set))
        case .start: steps.append(.start)
        case .end: steps.append(.end)
        case .sequence(let parts): for part in parts { try add(part) }
        case .choice(let branches): try add(choices: branches[...])
        case .repeat(let part, let least, let most): try add(part, least: least, most: most)
        }
    }

    private mutating func add(choices: ArraySlice<PatternTree>) throws {
        guard let first = choices.first else { return }
        guard choices.count > 1 else { return try add(first) }
        let split = steps.count
        steps.append(.match)
        try add(first)
        let jump = steps.count
        steps.append(.match)
        steps[split] = .split(split + 1, steps.count)
        try add(choices: choices.dropFirst())
        steps[jump] = .jump(steps.count)
    }

    private mutating func add(_ part: PatternTree, least: Int, most: Int?) throws {
        for _ in 0..<least { try add(part) }
        guard let most else {
            let split = steps.count
            steps.append(.match)
            try add(part)
            steps.append(.jump(split))
            steps[split] = .split(split + 1, steps.count)
            return
        }
        var splits: [Int] = []
        for _ in least..<most {
            splits.append(steps.count)
            steps.append(.match)
            try add(part)
        }
        for split in splits { steps[split] = .split(split + 1, steps.count) }
    }
}
