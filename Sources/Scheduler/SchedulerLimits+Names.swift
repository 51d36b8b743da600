package import ElvesCore

extension SchedulerLimits {
    /// Limits by name, as a setting writes them: `deploy=5,backup=20`.
    package static func named(_ text: String, setting: String) throws(ElvesError) -> [String: Int] {
        var limits: [String: Int] = [:]
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false).map(trimmed)
            guard !trimmed(part).isEmpty || text.contains(",") else { continue }
            guard sides.count == 2, !sides[0].isEmpty, let limit = Int(sides[1]), (1...1_000_000).contains(limit) else {
                throw ElvesError(
                    .elvesConfigInvalid,
                    "\(setting) has \"\(part)\"; each part is NAME=NUMBER with a number from 1 to 1000000, such as deploy=5,backup=20"
                )
            }
            guard limits.updateValue(limit, forKey: sides[0]) == nil else {
                throw ElvesError(.elvesConfigInvalid, "\(setting) names \"\(sides[0])\" twice")
            }
        }
        return limits
    }

    private static func trimmed(_ text: Substring) -> String {
        var rest = text.drop { $0 == " " }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}
