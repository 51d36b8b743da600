/// Bounds of the copies of workers' outputs.
package struct OutputOptions: Sendable {
    /// Bytes kept of one attempt.
    package var attemptBytes: Int64 = 8 << 20
    /// Bytes of all segments; past it the oldest go.
    package var bytes: Int64 = 10 << 30
    /// How long a segment is kept after its last piece, in milliseconds.
    package var keepMs: Int64 = 14 * 86_400_000
    /// A segment is closed when it has so many bytes, …
    package var segmentBytes: Int64 = 64 << 20
    /// … so many pieces, …
    package var segmentPieces = 150_000
    /// … or this age, in milliseconds.
    package var segmentMs: Int64 = 3_600_000
    /// Bytes that wait to be written; a piece that comes when there are more is refused, and sent again later.
    package var waitingBytes = 64 << 20
    /// The most that one attempt may send without an answer.
    package var credit: Int64 = 256 << 10
    /// The least, however many send at once; less room than this in the attempt's quota is none.
    package var leastCredit: Int64 = 4 << 10
    /// Attempts whose state is kept in memory; that of others is read from the segments when it is needed.
    package var attemptsInMemory = 50_000
    /// How long the rest of a copy is waited for after the task's end, in milliseconds.
    package var restMs: Int64 = 30_000
    /// Bytes that one agent may send for tasks of which there is no record.
    package var forgottenBytes: Int64 = 64 << 20

    /// The defaults.
    package init() {}
}
