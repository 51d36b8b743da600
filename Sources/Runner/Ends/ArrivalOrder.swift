/// Keys in the order in which they came, by numbers that never change. Taking one out is its owner's matter.
struct ArrivalOrder {
    private var keys: [AttemptKey] = []
    /// The number of the first of `keys`.
    private var first = 0
    /// The number of the first that was not passed.
    private(set) var oldest = 0
    /// The number that the next one gets.
    var end: Int { first + keys.count }

    subscript(number: Int) -> AttemptKey { keys[number - first] }

    mutating func append(_ key: AttemptKey) { keys.append(key) }

    /// The oldest key that is still of use; those before it are passed for good.
    mutating func oldest(where isOfUse: (AttemptKey) -> Bool) -> AttemptKey? {
        while oldest < end {
            if isOfUse(self[oldest]) { return self[oldest] }
            oldest += 1
            let passed = oldest - first
            if passed > 1000, passed * 2 > keys.count {
                keys.removeFirst(passed)
                first = oldest
            }
        }
        return nil
    }
}
