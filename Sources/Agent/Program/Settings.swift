package import ElvesCore
internal import Glibc
internal import ServiceCore
internal import ThriftNIO

/// Settings by name, merged from file, environment and flags, and where each came from.
package struct Settings: Sendable {
    private var values: [String: (text: String, place: String)] = [:]
    private let base: String

    /// Merges; later sources win. `file`: its text and path. `flags`: names without dashes.
    package init(
        file: (text: String, path: String)?, environment: [String: String], flags: [String: String],
        keys: [String] = AgentConfiguration.keys.map(\.name)
    ) throws(ElvesError) {
        base = file.map { Disk.parent(of: $0.path) } ?? "."
        if let file { try read(file.text, path: file.path, keys: keys) }
        for key in keys {
            let name = "ELVES_AGENT_" + key.uppercased()
            if let value = environment[name] { values[key] = (value, name) }
        }
        for (key, value) in flags { values[key] = (value, "--\(key)") }
    }

    package subscript(key: String) -> String? {
        values[key].flatMap { $0.text.isEmpty ? nil : $0.text }
    }

    private mutating func read(_ text: String, path: String, keys: [String]) throws(ElvesError) {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.trimmingSpaces
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard let equals = line.firstIndex(of: "=") else {
                throw ElvesError(
                    .elvesConfigUnreadable, "\(path):\(index + 1): \"\(line)\" is not of the form key = value")
            }
            let key = line[..<equals].trimmingSpaces
            guard keys.contains(key) else {
                throw ElvesError(
                    .elvesConfigUnknown, "\(path):\(index + 1): no setting \"\(key)\"",
                    hint: "There are: \(keys.joined(separator: ", ")).")
            }
            values[key] = (line[line.index(after: equals)...].trimmingSpaces, "\(path):\(index + 1)")
        }
    }

    func required(_ key: String) throws(ElvesError) -> String {
        if let value = self[key] { return value }
        throw ElvesError(
            .elvesConfigMissing, "the setting \(key) is missing",
            hint: "Add \"\(key) = …\" to the configuration file, or set ELVES_AGENT_\(key.uppercased()).")
    }

    /// A path; a relative one is meant from the configuration file's folder.
    func absolute(_ key: String) throws(ElvesError) -> String {
        let text = try required(key)
        if text.hasPrefix("/") { return text }
        let path = base == "." ? text : base + "/" + text
        if path.hasPrefix("/") { return path }
        guard let here = getcwd(nil, 0) else { throw invalid(key, "an absolute path") }
        defer { free(here) }
        return String(cString: here) + "/" + path
    }

    func address(_ key: String) throws(ElvesError) -> ThriftAddress {
        guard let address = ThriftAddress(parsing: try required(key)) else { throw invalid(key, "host:port") }
        return address
    }

    func number(_ key: String, _ range: ClosedRange<Int>) throws(ElvesError) -> Int? {
        guard let text = self[key] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw invalid(key, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A number in octal, as file modes are written.
    func octal(_ key: String, _ range: ClosedRange<UInt32>) throws(ElvesError) -> UInt32? {
        guard let text = self[key] else { return nil }
        guard let number = UInt32(text, radix: 8), range.contains(number) else {
            throw invalid(key, "an octal number such as 022")
        }
        return number
    }

    /// Bytes, such as `8MiB`.
    func size(_ key: String) throws(ElvesError) -> Int64? {
        guard let text = self[key] else { return nil }
        guard let bytes = try? ByteSizeText.parse(text) else { throw invalid(key, "a size such as 8MiB") }
        return bytes
    }

    /// A word of letters, digits and `. _ - @`, such as a locale's name.
    func name(_ key: String) throws(ElvesError) -> String? {
        guard let text = self[key] else { return nil }
        let isName = text.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-", "@": true
            default: false
            }
        }
        guard isName else { throw invalid(key, "a name such as C.UTF-8") }
        return text
    }

    /// An absolute path, or `off`.
    func pathOrOff(_ key: String) throws(ElvesError) -> String? {
        guard let text = self[key] else { return nil }
        guard text == "off" || text.hasPrefix("/") else { throw invalid(key, "an absolute path, or off") }
        return text
    }

    func word(_ key: String, _ words: [String]) throws(ElvesError) -> String? {
        guard let text = self[key] else { return nil }
        guard words.contains(text) else { throw invalid(key, "one of \(words.joined(separator: ", "))") }
        return text
    }

    func pairs(_ key: String) throws(ElvesError) -> [String: String] {
        var pairs: [String: String] = [:]
        for part in (self[key] ?? "").split(separator: ",") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = sides[0].trimmingSpaces
            guard !name.isEmpty else { throw invalid(key, "labels such as zone=bj,role=web") }
            pairs[name] = sides.count == 2 ? sides[1].trimmingSpaces : ""
        }
        return pairs
    }

    private func invalid(_ key: String, _ right: String) -> ElvesError {
        ElvesError(
            .elvesConfigInvalid, "\(values[key]?.place ?? key): \(key) is \"\(values[key]?.text ?? "")\", not \(right)")
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        let isSpace = { (character: Character) in character == " " || character == "\t" || character == "\r" }
        guard let start = firstIndex(where: { !isSpace($0) }), let end = lastIndex(where: { !isSpace($0) }) else {
            return ""
        }
        return String(self[start...end])
    }
}
