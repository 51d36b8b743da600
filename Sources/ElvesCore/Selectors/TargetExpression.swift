/// Which agents are meant: selectors, ips, ip ranges, names and ids in one list, compiled.
///
/// The rules, so that every text reads in one way:
/// - `,` and `;` separate terms.
/// - A plain word is an agent: `*` (every agent), 16 hex digits (an id), `10.0.0.1`, `10.0.0.1-10.0.0.9`,
///   `10.0.0.1-9`, `10.0.0.0/24`, or else a name. Each adds agents.
/// - A term with a sign or a list (`role=web`, `role!=web`, `role in (web,api)`, `!canary`) is a label
///   requirement. Requirements next to one another, with `,` between, form one selector: all must hold.
///   A plain word or a `;` ends the selector. So `zone=bj,role=web` is the web machines in bj, and
///   `zone=bj;role=web` is all of bj and all web machines.
/// - That a label exists cannot be asked by its bare key, which would be a name: write `(gpu)`. Parentheses
///   around requirements make a selector of their own, in full Kubernetes syntax.
package struct TargetExpression: Hashable, Sendable {
    /// One part of the list, which adds agents.
    package enum Term: Hashable, Sendable {
        /// `*`
        case everything
        /// 16 hex digits
        case id(ElvesID)
        /// `10.0.0.1`
        case address(IPAddress)
        /// `10.0.0.1-9`, `10.0.0.0/24`
        case range(IPRange)
        /// `web-01`
        case name(String)
        /// `zone=bj,role in (web,api)`
        case selector(Selector)
    }

    /// The parts with the text of each, in their order.
    package let terms: [(term: Term, text: String)]

    private var hasEverything = false
    private var ids: [ElvesID: Int] = [:]
    private var addresses: [IPAddress: Int] = [:]
    private var names: [String: Int] = [:]
    private var ranges: [(range: IPRange, place: Int)] = []
    private var selectors: [(selector: Selector, place: Int)] = []

    /// Hits no agent: what an empty `exclude` means.
    package static let none = TargetExpression(terms: [])

    /// Reads targets; an error (`elves.target.syntax`) says where it went wrong and what was expected.
    ///
    /// A blank text is an error, so that a lost variable in a script never means every machine.
    package init(parsing text: String) throws(ElvesError) {
        var parser = TargetParser(text)
        self.init(terms: try parser.terms())
    }

    init(terms: [(term: Term, text: String)]) {
        self.terms = terms
        for (place, entry) in terms.enumerated() {
            switch entry.term {
            case .everything: hasEverything = true
            case .id(let id): ids[id] = place
            case .address(let address): addresses[address] = place
            case .range(let range): ranges.append((range, place))
            case .name(let name): names[name] = place
            case .selector(let selector): selectors.append((selector, place))
            }
        }
    }

    package static func == (left: TargetExpression, right: TargetExpression) -> Bool {
        left.terms.map(\.term) == right.terms.map(\.term)
    }

    package func hash(into hasher: inout Hasher) {
        for entry in terms { hasher.combine(entry.term) }
    }
}

extension TargetExpression {
    /// Whether any term hits the agent.
    package func matches(_ agent: AgentAttributes) -> Bool {
        if hasEverything { return true }
        for entry in selectors where entry.selector.matches(agent.values) { return true }
        if !ids.isEmpty, ids[agent.id] != nil { return true }
        if !names.isEmpty, names[agent.name] != nil { return true }
        guard let address = agent.address else { return false }
        if !addresses.isEmpty, addresses[address] != nil { return true }
        for entry in ranges where entry.range.contains(address) { return true }
        return false
    }

    /// What an expression hit in a list of agents.
    package struct Hits: Hashable, Sendable {
        /// Places in the list, ascending.
        package let places: [Int]
        /// Texts of the terms that hit nothing, in their order.
        package let unmatched: [String]
    }

    /// Matches every agent, and tells which terms hit none.
    package func hits(in agents: some Sequence<AgentAttributes>) -> Hits {
        var places: [Int] = []
        var isHit = [Bool](repeating: false, count: terms.count)
        for (place, agent) in agents.enumerated() where mark(agent, in: &isHit) { places.append(place) }
        var unmatched: [String] = []
        var seen: Set<Term> = []
        for (place, entry) in terms.enumerated() where !isHit[lastPlace(of: entry.term) ?? place] {
            if entry.term == .everything, !places.isEmpty { continue }
            if seen.insert(entry.term).inserted { unmatched.append(entry.text) }
        }
        return Hits(places: places, unmatched: unmatched)
    }

    private func mark(_ agent: AgentAttributes, in isHit: inout [Bool]) -> Bool {
        var any = hasEverything
        func mark(_ place: Int?) {
            guard let place else { return }
            isHit[place] = true
            any = true
        }
        for entry in selectors where entry.selector.matches(agent.values) { mark(entry.place) }
        mark(ids[agent.id])
        mark(names[agent.name])
        if let address = agent.address {
            mark(addresses[address])
            for entry in ranges where entry.range.contains(address) { mark(entry.place) }
        }
        return any
    }

    /// A repeated word is looked up at its last place.
    private func lastPlace(of term: Term) -> Int? {
        switch term {
        case .id(let id): ids[id]
        case .address(let address): addresses[address]
        case .name(let name): names[name]
        default: nil
        }
    }
}
