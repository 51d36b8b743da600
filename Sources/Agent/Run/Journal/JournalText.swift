internal import ElvesContracts
internal import ElvesCore
internal import Runner
internal import ServiceCore

/// What `elves-agent journal` prints: an attempt a line, oldest task first. Reads the folder, and changes nothing:
/// an agent may be writing to it.
struct JournalText {
    private struct Line {
        var key: AttemptKey
        var standing: String
        var ended: EndedAttempt
        var isOpen = false
        var endedAt: Int64?
    }

    private let replay: JournalReplay

    init(folder path: String) throws(ElvesError) {
        let folder = JournalFolder(path: path)
        guard Disk.exists(path) else {
            throw ElvesError(
                .agentJournal, "there is no journal in \(path)", hint: "Name the agent's folder: --root DIR.")
        }
        // A segment that goes while it is looked for was rewritten: look again.
        for _ in 0..<20 {
            if let replay = try? JournalReplay(folder) {
                self.replay = replay
                return
            }
        }
        replay = try JournalReplay(folder)
    }

    /// A JSON object a line.
    var json: String {
        lines.map { line in
            let ended = line.ended
            let state = line.isOpen ? "" : Self.name(ended.state)
            var text = #"{"task":"\#(Hex.encode(UInt64(bitPattern: line.key.taskId)))","attempt":\#(line.key.attempt)"#
            text += #","standing":"\#(line.standing)","state":"\#(state)","started":\#(ended.wasStarted)"#
            text += #","recorded":\#(line.standing == "recorded"),"durable":\#(ended.isDurable)"#
            text += #","taken_at":\#(ended.takenAt)"#
            if let endedAt = line.endedAt { text += #","ended_at":\#(endedAt)"# }
            return text + "}\n"
        }.joined()
    }

    /// For people.
    var text: String {
        let lines = lines.map { line -> String in
            var words = [SystemClock.text(line.ended.takenAt), line.key.marker, line.standing]
            if !line.isOpen { words.append(Self.name(line.ended.state)) }
            if let endedAt = line.endedAt { words.append("ended \(SystemClock.text(endedAt))") }
            if line.ended.isDurable { words.append("durable") }
            if !line.ended.wasStarted { words.append("never started") }
            return words.joined(separator: "  ") + "\n"
        }
        var text = lines.isEmpty ? "no attempts\n" : lines.joined()
        for cut in replay.cuts {
            text +=
                "segment \(cut.number) stops making sense at byte \(cut.offset)"
                + (cut.damage.map { ": " + $0 } ?? ": its end is not whole") + "\n"
        }
        return text
    }

    private var lines: [Line] {
        let image = replay.image
        var lines = image.open.values.map { taken in
            let ended = EndedAttempt(
                state: ElvesContracts.TaskState(rawValue: 0), isDurable: taken.isDurable, wasStarted: true,
                takenAt: taken.at)
            return Line(key: taken.key, standing: "open", ended: ended, isOpen: true)
        }
        lines += image.kept.map { Line(key: $0, standing: "kept", ended: $1.ended, endedAt: $1.endedAt) }
        lines += image.recorded.map { Line(key: $0, standing: "recorded", ended: $1) }
        return lines.sorted { ($0.key.taskId, $0.key.attempt) < ($1.key.taskId, $1.key.attempt) }
    }

    /// `timed_out`, as the REST API writes it.
    private static func name(_ state: ElvesContracts.TaskState) -> String {
        state.name?.lowercased() ?? "\(state.rawValue)"
    }
}
