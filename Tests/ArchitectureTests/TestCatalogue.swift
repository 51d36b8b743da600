import Foundation

/// Every suite under `Tests` with its tests, read from the sources.
struct TestCatalogue {
    private struct Suite {
        let target: String
        let name: String
        var tests: Set<String> = []
        let text: String
    }

    private let suites: [Suite]

    init() throws {
        var suites: [Suite] = []
        for file in try Sources.files(in: "Tests") {
            guard let target = file.path.split(separator: "/").dropFirst().first else { continue }
            var isTest = false
            var current: Int?
            for line in file.code {
                if let name = line.firstMatch(of: #/^[^\s].*?\b(?:struct|class|extension) (\w+Tests)\b/#)?.1
                    ?? line.firstMatch(of: #/^(?:struct|extension) (\w+Tests)\b/#)?.1
                {
                    current = suites.count
                    suites.append(Suite(target: String(target), name: String(name), text: file.text))
                }
                if line.contains("@Test") { isTest = true }
                if isTest, let name = line.firstMatch(of: #/\bfunc (\w+)/#)?.1 {
                    if let current { suites[current].tests.insert(String(name)) }
                    isTest = false
                }
            }
        }
        self.suites = suites
    }

    /// Those of the names that are no target, suite or test: `Target`, `Suite`, `Target.Suite`, `Suite/test`, or a
    /// `test` of the suite that was named last.
    func missing(of names: [String]) -> [String] {
        resolve(names).filter { $0.suites.isEmpty }.map(\.name)
    }

    /// The sources of all that the names stand for.
    func text(of names: [String]) -> String {
        resolve(names).flatMap(\.suites).map(\.text).joined(separator: "\n")
    }

    private func resolve(_ names: [String]) -> [(name: String, suites: [Suite])] {
        var last = ""
        return names.map { name in
            let parts = name.split(separator: "/").map(String.init)
            let place = parts[0].split(separator: ".").map(String.init)
            let found = suites.filter {
                place.count == 2
                    ? $0.target == place[0] && $0.name == place[1] : [$0.name, $0.target].contains(place[0])
            }
            guard !found.isEmpty else {
                return (name, parts.count == 1 ? suites.filter { $0.name == last && $0.tests.contains(name) } : [])
            }
            last = place[place.count - 1]
            return (name, parts.count == 1 ? found : found.filter { $0.name == last && $0.tests.contains(parts[1]) })
        }
    }
}
