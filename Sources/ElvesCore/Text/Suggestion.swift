/// "Did you mean": the nearest of the names that exist.
package enum Suggestion {
    /// The name nearest to `word`, ignoring case; nil when none is near.
    ///
    /// Near is one edit (a character more, less, other, or two swapped) for each three characters, at least
    /// one. The only name that exists is always worth a mention. Of equals the first by alphabet.
    package static func nearest(to word: String, in names: some Collection<String>) -> String? {
        if names.count == 1 { return names.first }
        let wanted = Array(word.lowercased().prefix(longest))
        let limit = max(1, wanted.count / 3)
        var best: (name: String, distance: Int)?
        for name in names {
            let letters = Array(name.lowercased().prefix(longest))
            let bound = best.map { min($0.distance, limit) } ?? limit
            guard let distance = distance(wanted, letters, atMost: bound) else { continue }
            if let best, (best.distance, best.name) <= (distance, name) { continue }
            best = (name, distance)
        }
        return best?.name
    }

    /// `; did you mean "hello"?`, to be put after a message; empty when no name is near.
    package static func phrase(for word: String, in names: some Collection<String>) -> String {
        nearest(to: word, in: names).map { "; did you mean \"\($0)\"?" } ?? ""
    }

    /// Characters that are compared; no name is longer.
    private static let longest = 128

    /// Edits from one word to another (optimal string alignment); nil when more than `limit`.
    static func distance(_ left: [Character], _ right: [Character], atMost limit: Int) -> Int? {
        guard abs(left.count - right.count) <= limit else { return nil }
        var before: [Int] = []
        var above = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                var cost = min(above[column + 1], current[column]) + 1
                cost = min(cost, above[column] + (left[row] == right[column] ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, before[column - 1] + 1)
                }
                current.append(cost)
            }
            guard let least = current.min(), least <= limit else { return nil }
            before = above
            above = current
        }
        guard let distance = above.last, distance <= limit else { return nil }
        return distance
    }
}
