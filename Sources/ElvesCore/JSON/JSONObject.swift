/// The members of a JSON object, in the order in which they were read or set.
///
/// Names are compared as Swift strings: names that differ only in Unicode normalisation are one name.
/// Order does not matter for equality.
package struct JSONObject: Sendable {
    /// One name and its value.
    package struct Member: Hashable, Sendable {
        /// The member's name.
        package let name: String
        /// The member's value.
        package var value: JSONValue
    }

    private var members: [Member] = []
    /// Place by name; kept only for objects larger than `scanned`, below which a scan is faster.
    private var places: [String: Int] = [:]
    private static let scanned = 12

    /// An object without members.
    package init() {}

    /// Adds a member unless there is one of that name; answers whether it was added.
    package mutating func insert(_ value: JSONValue, for name: String) -> Bool {
        guard place(of: name) == nil else { return false }
        add(Member(name: name, value: value))
        return true
    }

    /// The value of that name.
    ///
    /// Setting keeps an existing member's place; nil removes the member.
    package subscript(_ name: String) -> JSONValue? {
        get { place(of: name).map { members[$0].value } }
        set {
            switch (place(of: name), newValue) {
            case (let place?, let value?): members[place].value = value
            case (nil, let value?): add(Member(name: name, value: value))
            case (let place?, nil): remove(at: place)
            case (nil, nil): break
            }
        }
    }

    /// The names in their order.
    package var names: [String] { members.map(\.name) }

    private func place(of name: String) -> Int? {
        if members.count > Self.scanned { return places[name] }
        return members.firstIndex { $0.name == name }
    }

    private mutating func add(_ member: Member) {
        members.append(member)
        if members.count > Self.scanned + 1 {
            places[member.name] = members.count - 1
        } else if members.count == Self.scanned + 1 {
            reindex()
        }
    }

    private mutating func remove(at place: Int) {
        members.remove(at: place)
        reindex()
    }

    private mutating func reindex() {
        places.removeAll(keepingCapacity: true)
        guard members.count > Self.scanned else { return }
        for (place, member) in members.enumerated() { places[member.name] = place }
    }
}

extension JSONObject: RandomAccessCollection {
    package var startIndex: Int { members.startIndex }
    package var endIndex: Int { members.endIndex }
    package subscript(place: Int) -> Member { members[place] }
}

extension JSONObject: Hashable {
    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.members.allSatisfy { right[$0.name] == $0.value }
    }

    package func hash(into hasher: inout Hasher) {
        var sum = 0
        for member in members { sum &+= member.hashValue }
        hasher.combine(sum)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// The last value of a repeated name counts.
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        for (name, value) in elements { self[name] = value }
    }
}
