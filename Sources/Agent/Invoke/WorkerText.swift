package import ElvesContracts
package import Runner

/// Output of a worker as text for people and JSON: always valid UTF-8, whatever the worker wrote.
extension OutputText {
    /// At most `limit` bytes of what was captured. No cut of ours tears a character; `dropped` counts all that is
    /// missing.
    package init(_ captured: CapturedBytes, limit: Int = .max) {
        var captured = captured
        let kept = captured.head.count + captured.tail.count
        if kept > limit {
            let end = captured.tail.isEmpty ? captured.head : captured.tail
            let half = limit / 2
            captured.tail = Array(end.suffix(half))
            captured.head = Array(captured.head.prefix(limit - half))
            captured.dropped += Int64(kept - captured.head.count - captured.tail.count)
        }
        captured.dropTornCharacters()
        self.init(
            head: String(decoding: captured.head, as: UTF8.self), tail: String(decoding: captured.tail, as: UTF8.self),
            dropped: captured.dropped)
    }
}

extension CapturedBytes {
    /// Lets go what a cut between head and tail has left of a character.
    mutating func dropTornCharacters() {
        guard dropped > 0 else { return }
        let torn = (head: UTF8Edge.incompleteTail(head), tail: UTF8Edge.orphanedHead(tail))
        head.removeLast(torn.head)
        tail.removeFirst(torn.tail)
        dropped += Int64(torn.head + torn.tail)
    }

    /// Everything that was kept in one text; a line says where something is missing.
    var wholeText: String {
        let text = OutputText(self)
        return text.dropped > 0 ? text.head + "\n[elves: \(text.dropped) bytes dropped]\n" + text.tail : text.head
    }

    /// The first line that says something, shortened, for a message; nil when there is none.
    var gist: String? {
        let text = String(decoding: head.prefix(2000), as: UTF8.self)
        let line = text.split(whereSeparator: \.isNewline).first { !$0.allSatisfy(\.isWhitespace) }
        return line.map { $0.count > 200 ? $0.prefix(200) + "…" : String($0) }
    }

    /// The last line that says something: where Python puts its reason.
    var lastWords: String? {
        let text = String(decoding: (tail.isEmpty ? head : tail).suffix(2000), as: UTF8.self)
        let line = text.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }
        return line.map { $0.count > 200 ? $0.prefix(200) + "…" : String($0) }
    }
}
