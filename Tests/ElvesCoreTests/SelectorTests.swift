import ElvesCore
import Testing

@Suite struct SelectorTests {
    private let web = ["zone": "bj", "role": "web", "os": "linux", "empty": ""]

    @Test(arguments: [
        ("", true), ("zone=bj", true), ("zone==bj", true), ("zone=sh", false), ("zone!=sh", true),
        ("zone!=bj", false), ("none!=bj", true), ("zone in (sh,bj)", true), ("zone in (sh)", false),
        ("zone notin (sh)", true), ("zone notin (sh,bj)", false), ("none notin (a)", true), ("none in (a)", false),
        ("zone", true), ("none", false), ("!none", true), ("! zone", false), ("empty=", true), ("zone=", false),
        ("zone=bj,role in (web,api),!canary", true), ("zone=bj,role=api", false), ("empty in ()", true),
        ("zone = bj , role  in ( web , api )", true), ("in in (in)", false), ("notin", false),
        ("example.com/tier=x", false), ("zone in (bj,)", true),
    ])
    func selectorsHoldAsInKubernetes(text: String, holds: Bool) throws {
        #expect(try Selector(parsing: text).matches(web) == holds)
    }

    @Test(arguments: [
        ("zone in bj", "at character 9: \"(\" should follow \"in\", not \"bj\""),
        ("zone=bj role=web", "at character 9: \",\" should stand between requirements, not \"role\""),
        ("zone in (a b)", "at character 12: \",\" or \")\" should stand here, not \"b\""),
        ("zone in (a", "at character 11: \",\" or \")\" should stand here, not the end"),
        ("=bj", "at character 1: a label key should stand here, not \"=\""),
        ("a,,b", "at character 3: a label key should stand here, not \",\""),
        ("a,", "at character 3: a label key should stand here, not the end"),
        ("!", "at character 2: a label key should follow \"!\", not the end"),
        ("!a=b", "at character 3: \",\" should stand between requirements, not \"=\""),
        ("cores>4", "at character 6: \">\" is not understood; use =, !=, in or notin"),
        ("zone=b/j", "at character 6: a value holds letters, digits, \"-\", \"_\" and \".\", not \"/\""),
        ("zöne=1,x", "at character 1: a key holds letters, digits, \"-\", \"_\" and \".\", not \"ö\""),
        ("-a", "at character 1: a key begins and ends with a letter or digit"),
        ("a/b/c", "at character 1: a key holds at most one \"/\""),
        ("a ! b", "at character 5: \"=\" should follow \"!\" here, not \"b\""),
    ])
    func errorsSayWhereAndWhatWasExpected(text: String, problem: String) {
        let error = #expect(throws: ElvesError.self) { try Selector(parsing: text) }
        #expect(error?.code == .elvesSelectorSyntax)
        #expect(error?.message == "in \"\(text)\" \(problem)")
    }

    @Test func builtInKeysComeFromTheAgentItself() throws {
        let id = try #require(ElvesID(rawValue: 1))
        let agent = AgentAttributes(
            id: id, ip: "10.0.0.1", name: "web-01", version: "1.2.0",
            labels: ["name": "liar", "zone": "bj", "os": "plan9"], facts: ["os": "linux", "arch": "x86_64", "cpu": "4"])
        #expect(try Selector(parsing: "name=web-01,ip=10.0.0.1,version=1.2.0").matches(agent))
        #expect(try Selector(parsing: "os=linux,arch=x86_64,zone=bj,!cpu").matches(agent))
        let bare = AgentAttributes(id: id, ip: "10.0.0.1", name: "", labels: ["name": "liar"])
        #expect(try Selector(parsing: "!name,!version,!zone").matches(bare))
    }

    /// Random selectors as text, against a plain reading of the structure that the text was made from.
    @Test(arguments: Seeds.many) func compiledSelectorsAgreeWithBruteForce(seed: UInt64) throws {
        var random = SeededRandom(seed)
        for _ in 0..<100 {
            let conditions = (0..<random.below(5)).map { _ in Condition(&random) }
            var text = ""
            for (place, condition) in conditions.enumerated() {
                text += (place == 0 ? "" : ",") + condition.text(&random)
            }
            let selector = try Selector(parsing: text)
            #expect(try Selector(parsing: selector.description) == selector)
            for _ in 0..<20 {
                let labels = Condition.labels(&random)
                #expect(
                    selector.matches(labels) == conditions.allSatisfy { $0.holds(for: labels) }, "\(text) on \(labels)")
            }
        }
    }

    /// Far below the goal of 1,000,000 agents a second, so that it holds for debug builds on busy machines.
    @Test func matchingIsFast() throws {
        let selector = try Selector(parsing: "zone=bj,role in (web,api),!canary")
        let clock = ContinuousClock()
        var hits = 0
        let time = clock.measure {
            for _ in 0..<20_000 where selector.matches(web) { hits += 1 }
        }
        #expect(hits == 20_000)
        #expect(time < .seconds(2), "20,000 matches took \(time)")
    }
}

/// A requirement that is judged without sets, and written with spaces at random.
private struct Condition {
    let key: String
    let kind: Int
    let values: [String]

    private static let keys = ["zone", "role", "in", "notin", "example.com/tier", "x"]
    private static let words = ["", "a", "b", "web", "in", "1.2", "A_b-c"]

    init(_ random: inout SeededRandom) {
        key = Self.keys[random.below(Self.keys.count)]
        kind = random.below(7)
        let count = kind < 4 ? 1 : 1 + random.below(3)
        values = (0..<count).map { _ in Self.words[random.below(Self.words.count)] }
    }

    static func labels(_ random: inout SeededRandom) -> [String: String] {
        var labels: [String: String] = [:]
        for key in keys where random.chance(60) { labels[key] = words[random.below(words.count)] }
        return labels
    }

    func text(_ random: inout SeededRandom) -> String {
        func space() -> String { random.chance(30) ? [" ", "  ", "\t"][random.below(3)] : "" }
        let list = "(" + space() + values.joined(separator: space() + "," + space()) + space() + ")"
        let text =
            switch kind {
            case 0: key
            case 1: "!" + space() + key
            case 2: key + space() + (random.chance(50) ? "=" : "==") + space() + values[0]
            case 3: key + space() + "!=" + space() + values[0]
            case 4, 5: key + " " + space() + "in" + space() + list
            default: key + " " + space() + "notin" + space() + list
            }
        return space() + text + space()
    }

    func holds(for labels: [String: String]) -> Bool {
        switch kind {
        case 0: labels.keys.contains(key)
        case 1: !labels.keys.contains(key)
        case 2, 4, 5: values.contains { labels[key] == $0 }
        default: values.allSatisfy { labels[key] != $0 }
        }
    }
}
