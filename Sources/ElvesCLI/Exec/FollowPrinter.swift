internal import ElvesClient
internal import Synchronization

/// Whether something has ended, told from one task to another.
final class Ended: Sendable {
    private let flag = Atomic(false)

    /// Whether it has.
    var isSet: Bool { flag.load(ordering: .acquiring) }

    /// It has.
    func set() { flag.store(true, ordering: .releasing) }
}

/// Prints one task's output: of several targets line by line behind the target's name, of one alone as it comes.
struct FollowPrinter: Sendable {
    /// Bytes of a line, at most; what is longer is shown in parts.
    static let longestLine = 64 << 10

    private let context: CommandContext
    private let json: Bool
    private let isAlone: Bool
    private let task: String
    private let target: String
    private var attempt = 1
    private var open: [OutputPiece.Stream: [UInt8]] = [:]

    /// - Parameter isAlone: whether the task is the only one that is shown.
    init(_ task: TaskRecord, isAlone: Bool, context: CommandContext, json: Bool) {
        self.context = context
        self.json = json
        self.isAlone = isAlone
        self.task = task.id
        target = task.agent.name.isEmpty ? task.agent.ip : task.agent.name
    }

    /// Takes in what the worker wrote.
    mutating func take(_ piece: OutputPiece) throws {
        if json { return context.terminal.print(try JSONLines.text(OutputLine(task, target, piece))) }
        if piece.attempt != attempt {
            finish()
            attempt = piece.attempt
            context.terminal.note("\(target) attempt \(attempt)")
        }
        if piece.dropped > 0 {
            finish()
            context.terminal.note("\(target) … \(Wording.count(piece.dropped)) bytes dropped …")
        }
        guard !isAlone else {
            piece.stream == .stdout ? context.terminal.write(piece.bytes) : context.terminal.writeError(piece.bytes)
            return
        }
        var rest = piece.bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            line(open[piece.stream, default: []] + rest[..<end], piece.stream)
            open[piece.stream] = nil
            rest = rest[(end + 1)...]
        }
        guard !rest.isEmpty else { return }
        open[piece.stream, default: []] += rest
        if let long = open[piece.stream], long.count >= Self.longestLine {
            line(long, piece.stream)
            open[piece.stream] = nil
        }
    }

    /// Prints lines that were begun and not ended.
    mutating func finish() {
        for stream in [OutputPiece.Stream.stdout, .stderr] {
            if let bytes = open[stream], !bytes.isEmpty { line(bytes, stream) }
        }
        open = [:]
    }

    private func line(_ bytes: [UInt8], _ stream: OutputPiece.Stream) {
        let text = String(decoding: bytes, as: UTF8.self)
        switch stream {
        case .stdout: context.terminal.print("\(target) | \(text)")
        case .stderr: context.terminal.note("\(target) ! \(text)")
        }
    }
}

/// A piece of output as a line of JSON.
struct OutputLine: Sendable, Encodable {
    private let task: String
    private let target: String
    private let piece: OutputPiece

    private enum CodingKeys: CodingKey {
        case task, target
    }

    init(_ task: String, _ target: String, _ piece: OutputPiece) {
        self.task = task
        self.target = target
        self.piece = piece
    }

    /// The piece's members, with task and target beside them.
    func encode(to encoder: any Encoder) throws {
        try piece.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(task, forKey: .task)
        try container.encode(target, forKey: .target)
    }
}
