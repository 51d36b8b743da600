/// Reads the text of a `TargetExpression`; its rules stand there.
struct TargetParser {
    private var scanner: TermScanner
    private var list: [(term: TargetExpression.Term, text: String)] = []
    /// Requirements next to one another, not yet a selector.
    private var open: [Selector.Requirement] = []

    init(_ text: String) {
        scanner = TermScanner(text, code: .elvesTargetSyntax)
    }

    mutating func terms() throws(ElvesError) -> [(term: TargetExpression.Term, text: String)] {
        guard !scanner.atEnd else { throw scanner.error("no agent is named; * is every agent") }
        repeat {
            try term()
            if scanner.sees(";") { close() }
        } while scanner.take(",") || scanner.take(";")
        guard scanner.atEnd else { throw scanner.error("\",\" or \";\" should stand here, not \(scanner.found)") }
        close()
        return list
    }

    private mutating func term() throws(ElvesError) {
        if scanner.sees("!") {
            open.append(try scanner.absence())
        } else if scanner.take("(") {
            close()
            open = try scanner.requirements()
            guard scanner.take(")") else {
                throw scanner.error("\",\" or \")\" should stand here, not \(scanner.found)")
            }
            close()
        } else {
            let start = scanner.place
            let word = scanner.word()
            guard !word.isEmpty else { throw scanner.error("a term should stand here, not \(scanner.found)") }
            if let requirement = try scanner.comparison(of: word, at: start) {
                open.append(requirement)
            } else {
                close()
                list.append((try plain(word, at: start), word))
            }
        }
    }

    private mutating func close() {
        guard !open.isEmpty else { return }
        let selector = Selector(open)
        list.append((.selector(selector), selector.description))
        open = []
    }

    private func plain(_ word: String, at start: Int) throws(ElvesError) -> TargetExpression.Term {
        if word == "*" { return .everything }
        if word.utf8.contains(UInt8(ascii: "*")) {
            throw scanner.error("* stands alone; to choose by a part of the name, use a label", at: start)
        }
        if let id = ElvesID(word) { return .id(id) }
        if let address = IPAddress(word) { return .address(address) }
        if word.utf8.contains(UInt8(ascii: "/")) {
            guard let range = network(word) else {
                throw scanner.error("\"\(word)\" is no network; write one as 10.0.0.0/24", at: start)
            }
            return .range(range)
        }
        if let dash = word.firstIndex(of: "-"), let first = IPAddress(text: word[..<dash]) {
            guard let range = range(from: first, to: word[word.index(after: dash)...]) else {
                throw scanner.error("\"\(word)\" is no range; write one as 10.0.0.1-10.0.0.9 or 10.0.0.1-9", at: start)
            }
            return .range(range)
        }
        let isNumeric = word.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
        if word.utf8.contains(UInt8(ascii: ":")) || (isNumeric && word.utf8.contains(UInt8(ascii: "."))) {
            throw scanner.error("\"\(word)\" is no ip address", at: start)
        }
        return .name(word)
    }

    private func network(_ word: String) -> IPRange? {
        let parts = word.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(text: parts[0]), !parts[1].hasPrefix("+"),
            let prefix = Int(parts[1])
        else { return nil }
        return IPRange(address, prefix: prefix)
    }

    /// The end of a range: a whole address, or the last part of an IPv4 address.
    private func range(from first: IPAddress, to text: Substring) -> IPRange? {
        if let last = IPAddress(text: text) { return IPRange(first, last) }
        guard first.isV4, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let part = UInt8(text),
            let last = IPAddress(isV4: true, value: first.value & ~255 | UInt128(part))
        else { return nil }
        return IPRange(first, last)
    }
}
