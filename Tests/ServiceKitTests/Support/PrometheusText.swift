import Testing

/// Prometheus' text format, read back.
struct PrometheusText {
    struct Sample: Hashable {
        let name: String
        let labels: [String: String]
        let value: Double
    }

    /// The type of each metric, as its `# TYPE` line says.
    private(set) var types: [String: String] = [:]
    private(set) var samples: [Sample] = []

    /// Fails the test at a line that has no such form.
    init(_ text: String) throws {
        #expect(text.hasSuffix("\n"))
        for line in text.split(separator: "\n") {
            if line.hasPrefix("# TYPE ") {
                let words = line.split(separator: " ").map(String.init)
                try #require(words.count == 4 && types[words[2]] == nil, "\(line)")
                types[words[2]] = words[3]
            } else {
                samples.append(try Self.sample(line))
            }
        }
    }

    /// The one value of that series; nil when there is none.
    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        let found = samples.filter { $0.name == name && $0.labels == labels }
        return found.count == 1 ? found[0].value : nil
    }

    /// The values of a histogram's buckets in their order, each with its upper bound.
    func buckets(_ name: String, _ labels: [String: String] = [:]) -> [(bound: Double, count: Double)] {
        samples.compactMap { sample in
            var rest = sample.labels
            guard sample.name == name + "_bucket", let bound = rest.removeValue(forKey: "le"), rest == labels else {
                return nil
            }
            return (bound == "+Inf" ? .infinity : Double(bound) ?? .nan, sample.value)
        }
    }

    private static func sample(_ line: Substring) throws -> Sample {
        let name = line.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        try #require(!name.isEmpty, "\(line)")
        var rest = line.dropFirst(name.count)
        var labels: [String: String] = [:]
        if rest.first == "{" {
            rest.removeFirst()
            while rest.first != "}" {
                let key = rest.prefix { $0 != "=" }
                rest = rest.dropFirst(key.count)
                try #require(rest.hasPrefix("=\""), "\(line)")
                rest.removeFirst(2)
                labels[String(key)] = try text(&rest)
                if rest.first == "," { rest.removeFirst() }
            }
            rest.removeFirst()
        }
        try #require(rest.first == " ", "\(line)")
        return Sample(name: String(name), labels: labels, value: try #require(Double(rest.dropFirst()), "\(line)"))
    }

    /// A label's value up to its closing quote, escapes resolved.
    private static func text(_ rest: inout Substring) throws -> String {
        var value = ""
        while let next = rest.popFirst(), next != "\"" {
            guard next == "\\" else {
                value.append(next)
                continue
            }
            switch rest.popFirst() {
            case "n": value.append("\n")
            case "\\": value.append("\\")
            case "\"": value.append("\"")
            case let other: Issue.record("no escape: \(other.map(String.init) ?? "the end")")
            }
        }
        return value
    }
}
