/// The head and tail that a record keeps of each output, read like a copy.
struct InlineOutput {
    private struct Item {
        let stream: WorkerStream
        let text: String
        let dropped: Int64

        /// Each takes one place more than it has bytes: so one without bytes is given out once, too.
        var places: Int64 { Int64(text.utf8.count) + 1 }
    }

    private let items: [Item]

    init(_ outcome: TaskOutcome) {
        items = [(WorkerStream.stdout, outcome.stdout), (.stderr, outcome.stderr)].flatMap { stream, output in
            [
                Item(stream: stream, text: output.head, dropped: 0),
                Item(stream: stream, text: output.tail, dropped: output.dropped),
            ]
        }
    }

    /// Runs from a place on, of about `limit` bytes; the place behind them, and whether it is the end.
    func read(from place: Int64, limit: Int) -> (runs: [OutputRun], end: Int64, isAtEnd: Bool) {
        var runs: [OutputRun] = []
        var start: Int64 = 0
        var left = limit
        for item in items {
            defer { start += item.places }
            guard place < start + item.places else { continue }
            guard left > 0 else { return (runs, max(place, start), false) }
            let skipped = Int(max(0, place - start))
            let rest = item.text.utf8.dropFirst(skipped)
            let bytes = rest.count <= left ? Array(rest) : Array(rest.prefix(left)).cutBetweenCharacters()
            let dropped = skipped == 0 ? item.dropped : 0
            if !bytes.isEmpty || dropped > 0 {
                runs.add(OutputRun(stream: item.stream, bytes: bytes, dropped: dropped))
            }
            left -= bytes.count
            if bytes.count < rest.count { return (runs, start + Int64(skipped + bytes.count), false) }
        }
        return (runs, max(place, start), true)
    }
}

extension [UInt8] {
    /// The bytes up to the last whole UTF-8 character; all of them when that would leave none.
    fileprivate func cutBetweenCharacters() -> [UInt8] {
        for place in indices.suffix(4).reversed() where self[place] & 0xC0 != 0x80 {
            let length = self[place] < 0x80 ? 1 : self[place] < 0xE0 ? 2 : self[place] < 0xF0 ? 3 : 4
            guard place + length > count, place > 0 else { break }
            return Array(self[..<place])
        }
        return self
    }
}
