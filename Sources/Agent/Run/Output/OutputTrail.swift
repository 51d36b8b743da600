internal import ElvesContracts
internal import Runner

/// How far the output of one attempt is at the center: which chunk goes out next, and what an answer means.
///
/// Several chunks may be under way, all together at most what the center gave credit for. Whatever goes wrong is
/// healed in one way: when no chunk is under way any more, the center is asked what it wants next, and sending goes on
/// there.
struct OutputTrail: Sendable {
    /// What is sent: its chunk, and what it is known by.
    struct Sending: Sendable {
        var key: AttemptKey
        var number: Int
        var chunk: OutputChunk
    }

    private enum Kind {
        case question, bytes, dropped, last
    }

    private struct Flight {
        var number: Int
        var kind: Kind
        var start: Int64
        var end: Int64
        /// What the center had when it was sent.
        var had: Int64
    }

    static let chunkLength = 64 << 10
    /// Chunks of one attempt under way: short lines of both outputs by turns make short chunks.
    private static let flightLimit = 16
    /// Of a chunk, unless the output or the credit ends.
    private static let shortest = 4 << 10
    private static let firstPause = Duration.milliseconds(100)
    private static let longestPause = Duration.seconds(2)

    let key: AttemptKey
    private var place = CopyPlace()
    private var flights: [Flight] = []
    private var lastNumber = 0
    /// The center has everything before.
    private var had: Int64 = 0
    /// Before the center said more, one chunk.
    private var credit = Int64(chunkLength)
    private var asks: Bool
    /// The center takes no more bytes.
    private var isFull = false
    private var toldDropped = false
    private var pause = firstPause
    /// Nothing is sent before.
    private(set) var notBefore: ContinuousClock.Instant?
    /// What the worker wrote; nil while it runs. A count of -1 is not known.
    var wrote: OutputCounts?
    /// The center has all that it is to get.
    private(set) var isDone = false

    /// - Parameter asks: whether an earlier life of this process may have sent some of it.
    init(_ key: AttemptKey, asks: Bool) {
        self.key = key
        self.asks = asks
    }

    /// Bytes of the file that were read.
    var fileOffset: Int64 { place.fileOffset }

    /// The next chunk; nil when there is none to send now.
    ///
    /// - Parameter file: nil when there is no file, not yet or not any more.
    mutating func next(from file: CopyFile?, now: ContinuousClock.Instant) -> Sending? {
        guard !isDone, flights.count < Self.flightLimit, notBefore.map({ $0 <= now }) ?? true else { return nil }
        if asks { return flights.isEmpty ? send(.question) : nil }
        let start = place
        let window = min(Int64(Self.chunkLength), had + credit - place.offset)
        // A little room among chunks under way will be more in a moment.
        if !isFull, window < Self.shortest, !flights.isEmpty { return nil }
        if !isFull, window > 0, let run = run(from: file, limit: Int(window)) {
            return send(.bytes, OutputPart(stream: run.stream, bytes: run.bytes), from: start.offset)
        }
        // Behind the last byte there is an end only when every byte is there.
        guard let wrote, flights.isEmpty, isFull || place.offset == had, isFull || window > 0 else { return nil }
        if isFull { place = file?.place(of: had, from: place) ?? place }
        let dropped = OutputCounts(
            stdout: max(0, wrote.stdout - place.before.stdout), stderr: max(0, wrote.stderr - place.before.stderr))
        if dropped.stdout > 0, dropped.stderr > 0, !toldDropped {
            return send(.dropped, OutputPart(stream: .stdout, dropped: dropped.stdout))
        }
        let stream: OutputStream = dropped.stderr > 0 ? .stderr : .stdout
        return send(.last, OutputPart(stream: stream, dropped: dropped[stream]))
    }

    /// Takes the center's answer.
    mutating func answered(
        _ number: Int, _ answer: OutputCredit, file: CopyFile?, now: ContinuousClock.Instant
    ) {
        guard let flight = land(number) else { return }
        // It may have lost what it had; an answer that was overtaken by a later one says less, too.
        let wentBack = answer.wanted < flight.had
        let isNews = answer.wanted >= had || wentBack
        if answer.wanted > had { pause = Self.firstPause }
        if isNews {
            had = answer.wanted
            credit = answer.credit
            if answer.credit <= 0 { isFull = true }
        }
        switch flight.kind {
        case .question:
            asks = false
            place = file?.place(of: had, from: place) ?? place
            // It has more than there is: what it has stays, and nothing is added.
            if place.offset != had { isFull = true }
        case .bytes:
            // It was not taken, or not all of it: a gap, no room, or no wish for it.
            if !isFull, answer.wanted < flight.end { askAgain(now) }
        case .dropped:
            if !isFull, answer.wanted != flight.end { askAgain(now) } else { toldDropped = true }
        case .last:
            if !isFull, answer.wanted < flight.end { askAgain(now) } else { isDone = true }
        }
    }

    /// Nobody knows whether a chunk arrived.
    mutating func failed(_ number: Int, now: ContinuousClock.Instant) {
        guard land(number) != nil else { return }
        askAgain(now)
    }

    private mutating func run(from file: CopyFile?, limit: Int) -> CopyFile.Run? {
        if let run = file?.next(from: &place, limit: limit) { return run }
        return wrote == nil ? nil : CopyFile.heldBack(at: &place, limit: limit)
    }

    private mutating func send(_ kind: Kind, _ part: OutputPart = OutputPart(stream: .stdout), from start: Int64? = nil)
        -> Sending
    {
        lastNumber += 1
        let start = start ?? had
        flights.append(
            Flight(
                number: lastNumber, kind: kind, start: start, end: start + Int64(part.bytes.count), had: had))
        let chunk = OutputChunk(
            taskId: key.taskId, attempt: key.attempt, offset: start, part: part, last: kind == .last)
        return Sending(key: key, number: lastNumber, chunk: chunk)
    }

    private mutating func land(_ number: Int) -> Flight? {
        guard let index = flights.firstIndex(where: { $0.number == number }) else { return nil }
        return flights.remove(at: index)
    }

    /// Asks once the chunks under way have landed, a little later each time nothing has come of it.
    private mutating func askAgain(_ now: ContinuousClock.Instant) {
        guard !asks else { return }
        asks = true
        notBefore = now + pause
        pause = min(pause * 2, Self.longestPause)
    }
}
