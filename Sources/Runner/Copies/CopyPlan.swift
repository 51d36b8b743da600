/// What of a worker's outputs goes into their copy: all of both, in the order in which they came, up to a limit.
///
/// Until it is known that a copy is wanted only that order is kept; the bytes are in what the host keeps anyway.
/// Knows no file.
struct CopyPlan {
    /// Which output; the first byte of a frame.
    enum Stream: UInt8, Sendable {
        case output = 1
        case errors = 2
    }

    /// Bytes of one stream that came after one another.
    struct Run: Hashable, Sendable {
        var stream: Stream
        var count: Int
    }

    /// Outputs that are longer are copied: the answer holds no more of each.
    static let shortEnough = 64 << 10
    /// Changes between the streams that are remembered; more of them and the copy begins.
    static let runLimit = 256

    private let limit: Int64
    /// The part of a stream that is still kept whole.
    private let kept: Int
    private var earlier: [Run] = []
    private var totals: [Int] = [0, 0]
    private(set) var isCopying = false
    /// Bytes of output that were given out for the copy.
    private(set) var given: Int64 = 0

    /// `kept`: bytes of each stream that the host keeps whole.
    init(limit: Int64, kept: Int) {
        self.limit = max(0, limit)
        self.kept = min(kept, Self.shortEnough)
    }

    /// Begins the copy: answers with what came before, in order; empty when it has begun already.
    mutating func begin() -> [Run] {
        guard !isCopying else { return [] }
        isCopying = true
        defer { earlier = [] }
        return earlier
    }

    /// Whether the copy must begin before the next `count` bytes of a stream are taken.
    func mustBegin(before count: Int, of stream: Stream) -> Bool {
        guard !isCopying else { return false }
        if totals[Int(stream.rawValue) - 1] + count > kept { return true }
        return earlier.count == Self.runLimit && earlier.last?.stream != stream
    }

    /// Notes bytes that came.
    mutating func took(_ count: Int, of stream: Stream) {
        guard !isCopying else { return }
        totals[Int(stream.rawValue) - 1] += count
        if earlier.last?.stream == stream {
            earlier[earlier.count - 1].count += count
        } else {
            earlier.append(Run(stream: stream, count: count))
        }
    }

    /// How many of the next `count` bytes go into the copy; from then on they count as given.
    mutating func give(_ count: Int) -> Int {
        let room = Int(min(Int64(count), limit - given))
        given += Int64(room)
        return room
    }
}
