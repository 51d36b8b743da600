/// Values that use much of what the fixtures' types can hold.
enum Samples {
    static let everything = Everything(
        scalars: Scalars(
            yes: true, tiny: .min, small: .min, medium: .min, large: .min, real: -0.0, text: "grüße 🐟",
            bytes: [0, 0xFF, 0x80], color: .minus, stamp: 3),
        optionals: Optionals(yes: false, large: .max, real: .infinity, numbers: [1, -1], names: ["b": "2", "a": "1"]),
        containers: Containers(
            reals: [-.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude],
            texts: ["", "b", String(repeating: "x", count: 300)], structs: [Scalars(), Scalars(medium: 5)],
            boolSet: [true, false], textSet: ["ß", "a", ""], blobMap: [[1]: .red, []: .green],
            deepList: [[[1, 2], []], []], deepMap: ["k": [-1: ["v"]]], mixed: [["m": [true, false]]]),
        node: node, choice: .many([.node(node), .flag(true), .number(-1)]), words: Words(snakeCaseName: 4),
        numbered: Numbered(far: 1, last: "end"), requireds: Requireds(number: 1, text: "t"))

    static let node = Node(
        value: 1, left: Node(value: 2, right: Node(value: 3)), children: [Node(value: 4), Node()], named: ["n": Node()])

    static let newer = Newer(
        kept: 5, yes: true, text: "unknown there", containers: Containers(texts: ["unknown there"]),
        structs: ["a": Scalars(text: "x")], choice: .text("c"), flags: [true, false], last: "end")
}
