/// Comparison whose time does not depend on where two texts differ.
enum ConstantTime {
    /// Whether the bytes are the same; the lengths are no secret.
    static func equal(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for (a, b) in zip(left, right) { difference |= a ^ b }
        return difference == 0
    }
}
