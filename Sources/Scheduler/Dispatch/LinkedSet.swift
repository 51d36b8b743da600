/// An ordered set whose members come and go anywhere in constant time: a line that one may also leave early.
struct LinkedSet<Element: Hashable & Sendable>: Sendable {
    private struct Links: Sendable {
        var before: Element?
        var after: Element?
    }

    private var links: [Element: Links] = [:]
    private(set) var first: Element?
    private var last: Element?

    var isEmpty: Bool { first == nil }
    var count: Int { links.count }

    func contains(_ element: Element) -> Bool { links[element] != nil }

    /// Adds it behind all others; one that is in already stays where it is.
    mutating func append(_ element: Element) {
        guard links[element] == nil else { return }
        links[element] = Links(before: last, after: nil)
        if let last { links[last]?.after = element } else { first = element }
        last = element
    }

    /// Takes it out; false when it is not in.
    @discardableResult
    mutating func remove(_ element: Element) -> Bool {
        guard let gone = links.removeValue(forKey: element) else { return false }
        if let before = gone.before { links[before]?.after = gone.after } else { first = gone.after }
        if let after = gone.after { links[after]?.before = gone.before } else { last = gone.before }
        return true
    }

    /// Takes out the first.
    mutating func popFirst() -> Element? {
        guard let element = first else { return nil }
        remove(element)
        return element
    }

    /// Takes out all, in order.
    mutating func takeAll() -> [Element] {
        var all: [Element] = []
        all.reserveCapacity(count)
        while let element = popFirst() { all.append(element) }
        return all
    }
}

/// Who waits for one thing, by caller key: each key has its turn, and within a key each member.
struct TurnList<Member: Hashable & Sendable>: Sendable {
    private var keys = LinkedSet<String>()
    private var members: [String: LinkedSet<Member>] = [:]

    var isEmpty: Bool { keys.isEmpty }

    mutating func append(_ member: Member, of key: String) {
        members[key, default: LinkedSet()].append(member)
        keys.append(key)
    }

    mutating func remove(_ member: Member, of key: String) {
        members[key]?.remove(member)
        if members[key]?.isEmpty == true {
            members[key] = nil
            keys.remove(key)
        }
    }

    /// Takes out whose turn it is; its key goes behind the others.
    mutating func popNext() -> Member? {
        guard let key = keys.popFirst() else { return nil }
        let member = members[key]?.popFirst()
        if members[key]?.isEmpty == false { keys.append(key) } else { members[key] = nil }
        return member
    }
}
