extension [UInt8] {
    /// Two digits a byte.
    var hex: String {
        let digits = Array<Character>("0123456789abcdef")
        return String(flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    init(hex: Substring) {
        self = []
        let digits = hex.utf8.map { $0 > 57 ? $0 - 87 : $0 - 48 }
        for index in stride(from: 0, to: digits.count - 1, by: 2) { append(digits[index] << 4 | digits[index + 1]) }
    }
}
