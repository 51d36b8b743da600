/// Emits an enum: an open one, a struct over its number.
struct EnumEmitter {
    func emit(_ enumeration: Enumeration, to text: inout SwiftText) {
        let type = SwiftName.type(enumeration.name)
        text.doc(enumeration.doc, or: "Enum `\(enumeration.name)`.")
        text.block("package struct \(type): ThriftEnum") { text in
            text.line("package let rawValue: Int32")
            text.line()
            text.line("/// Takes any number, also one that this IDL does not know.")
            text.block("package init(rawValue: Int32)") { $0.line("self.rawValue = rawValue") }
            text.line()
            for member in enumeration.members {
                text.doc(member.doc)
                let name = SwiftName.member(member.name)
                text.line("package static let \(name) = \(type)(rawValue: \(member.value))")
            }
            text.line()
            text.line("/// The members that the IDL names, in its order.")
            let members = enumeration.members.map { ".\(SwiftName.afterDot($0.name))" }
            text.list("package static let all: [\(type)] = [", members, "]")
            text.line()
            text.line("/// The IDL's name, or nil for a number that this IDL does not know.")
            text.block("package var name: String?") { text in
                text.switching("rawValue") { text in
                    for member in unique(enumeration.members) {
                        text.line("case \(member.value): \"\(member.name)\"")
                    }
                    text.line("default: nil")
                }
            }
        }
    }

    /// Two members may share a number; the first gives the name.
    private func unique(_ members: [Enumeration.Member]) -> [Enumeration.Member] {
        var seen: Set<Int32> = []
        return members.filter { seen.insert($0.value).inserted }
    }
}
