import ElvesCore
import Testing

@Suite struct TargetExpressionTests {
    private let fleet: [AgentAttributes]

    init() throws {
        let rows: [(Int64, String, String, [String: String])] = [
            (1, "10.0.0.1", "web-01", ["role": "web", "zone": "bj"]),
            (2, "10.0.0.2", "web-02", ["role": "web", "zone": "sh"]),
            (3, "10.0.0.30", "db-01", ["role": "db", "zone": "bj", "gpu": "no"]),
            (4, "10.1.0.1", "", ["role": "db", "zone": "sh", "canary": "yes"]),
            (5, "2001:db8::5", "v6", ["zone": "bj"]),
        ]
        fleet = try rows.map { id, ip, name, labels in
            AgentAttributes(id: try #require(ElvesID(rawValue: id)), ip: ip, name: name, labels: labels)
        }
    }

    @Test(
        arguments: [
            ("*", [1, 2, 3, 4, 5]), ("web-01", [1]), ("web-01,10.0.0.2", [1, 2]), ("0000000000000004", [4]),
            ("10.0.0.1-10.0.0.9", [1, 2]), ("10.0.0.1-9", [1, 2]), ("10.0.0.0/24", [1, 2, 3]), ("10.0.0.30/32", [3]),
            ("0.0.0.0/0", [1, 2, 3, 4]), ("2001:db8::/32", [5]), ("::/0", [5]), ("2001:0DB8::5", [5]),
            // Requirements side by side are one selector, `;` and plain words separate.
            ("zone=bj,role=web", [1]), ("zone=bj;role=web", [1, 2, 3, 5]), ("web-01,10.0.0.2,role=db", [1, 2, 3, 4]),
            ("zone=bj,web-02,role=web", [1, 2, 3, 5]), ("role in (web,db),zone!=bj", [2, 4]), ("!role", [5]),
            ("role=db,!canary,web-01", [1, 3]), ("role=db,web-01,!canary", [1, 2, 3, 4, 5]),
            // Parentheses hold a selector of their own, in which a bare word is a key.
            ("(gpu)", [3]), ("(gpu),(canary)", [3, 4]), ("zone=bj,(role=db),role=web", [1, 2, 3, 4, 5]),
            ("(role,zone=sh),web-01", [1, 2, 4]), (" web-01 , role = db ; v6 ", [1, 3, 4, 5]), ("ip=10.1.0.1", [4]),
        ] as [(String, [Int])])
    func textsHitWhatTheRulesSay(text: String, ids: [Int]) throws {
        let targets = try TargetExpression(parsing: text)
        #expect(fleet.filter { targets.matches($0) }.map { Int($0.id.rawValue) } == ids)
        #expect(targets.hits(in: fleet).places.map { $0 + 1 } == ids)
    }

    @Test func wordsThatHitNothingAreNamed() throws {
        let targets = try TargetExpression(
            parsing: "web-01,web-99,10.9.9.9,web-99,role=api,zone=bj;10.0.0.200-210,web-01,00000000000000ff")
        let hits = targets.hits(in: fleet)
        #expect(hits.places == [0])
        #expect(hits.unmatched == ["web-99", "10.9.9.9", "role=api,zone=bj", "10.0.0.200-210", "00000000000000ff"])
    }

    @Test func nothingIsNoAgent() {
        #expect(!fleet.contains { TargetExpression.none.matches($0) })
        #expect(TargetExpression.none.hits(in: fleet).places.isEmpty)
        #expect(TargetExpression.none.hits(in: fleet).unmatched.isEmpty)
    }

    @Test(arguments: [
        ("", "at character 1: no agent is named; * is every agent"),
        ("  ", "at character 3: no agent is named; * is every agent"),
        ("web-01,", "at character 8: a term should stand here, not the end"),
        ("web-01,,web-02", "at character 8: a term should stand here, not \",\""),
        ("web-01 web-02", "at character 8: \",\" or \";\" should stand here, not \"web-02\""),
        ("web-*", "at character 1: * stands alone; to choose by a part of the name, use a label"),
        ("10.0.0.300", "at character 1: \"10.0.0.300\" is no ip address"),
        ("a,10.0.0.9-1", "at character 3: \"10.0.0.9-1\" is no range; write one as 10.0.0.1-10.0.0.9 or 10.0.0.1-9"),
        ("10.0.0.0/33", "at character 1: \"10.0.0.0/33\" is no network; write one as 10.0.0.0/24"),
        ("web/24", "at character 1: \"web/24\" is no network; write one as 10.0.0.0/24"),
        ("fe80::x", "at character 1: \"fe80::x\" is no ip address"),
        ("(gpu", "at character 5: \",\" or \")\" should stand here, not the end"),
        ("role in web", "at character 9: \"(\" should follow \"in\", not \"web\""),
        ("web-01)", "at character 7: \",\" or \";\" should stand here, not \")\""),
    ])
    func errorsSayWhereAndWhatWasExpected(text: String, problem: String) {
        let error = #expect(throws: ElvesError.self) { try TargetExpression(parsing: text) }
        #expect(error?.code == .elvesTargetSyntax)
        #expect(error?.message == "in \"\(text)\" \(problem)")
    }

    /// Random lists, whose parts are judged one by one.
    @Test(arguments: Seeds.many) func listsAgreeWithTheirParts(seed: UInt64) throws {
        var random = SeededRandom(seed)
        let parts = [
            "web-01", "10.0.0.2", "10.0.0.0/27", "10.0.0.1-10.0.0.2", "role=db", "zone=sh", "!canary", "(gpu)", "v6",
            "role in (web,api)", "0000000000000004", "nobody",
        ]
        for _ in 0..<50 {
            let chosen = (0...random.below(4)).map { _ in parts[random.below(parts.count)] }
            let whole = try TargetExpression(parsing: chosen.joined(separator: " ; "))
            let single = try chosen.map { try TargetExpression(parsing: $0) }
            for agent in fleet { #expect(whole.matches(agent) == single.contains { $0.matches(agent) }, "\(chosen)") }
            let hits = whole.hits(in: fleet)
            #expect(hits.places == fleet.indices.filter { whole.matches(fleet[$0]) })
            let missed = zip(chosen, single).filter { _, one in !fleet.contains { one.matches($0) } }.map(\.0)
            #expect(Set(hits.unmatched) == Set(missed))
        }
    }
}
