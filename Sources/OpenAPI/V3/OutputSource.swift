import ElvesContracts
import ElvesCore
import HTTPTypes
import NIOCore

/// A place in a task's output, as clients name it: the scheduler's cursor, and how many bytes behind it were taken.
///
/// The second part lets a client that was cut off within a page go on behind the last piece that it got, not behind
/// the page before.
struct OutputCursor: Sendable, Hashable, CustomStringConvertible {
    var after: Int64 = 0
    var taken = 0
    /// The attempt whose bytes were taken; 0 where it does not matter.
    var attempt: Int32 = 0

    init(after: Int64 = 0, taken: Int = 0, attempt: Int32 = 0) {
        self.after = after
        self.taken = taken
        self.attempt = attempt
    }

    /// The place that a call names as `Last-Event-ID`, or as `after`; the start without either.
    init(_ call: V3Call) throws(ElvesError) {
        guard let text = call.head.headerFields[.lastEventID] ?? call.query["after"], !text.isEmpty else {
            self.init()
            return
        }
        guard let cursor = Self(text) else {
            throw Query.wrong("after", "\"\(text.prefix(80))\" is no place in this output; leave it out for the start")
        }
        self = cursor
    }

    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count), let after = Int64(parts[0]), after >= 0 else { return nil }
        guard let taken = parts.count > 1 ? Int(parts[1]) : 0, taken >= 0 else { return nil }
        guard let attempt = parts.count > 2 ? Int32(parts[2]) : 0, attempt >= 0 else { return nil }
        self.init(after: after, taken: taken, attempt: attempt)
    }

    var description: String { taken == 0 ? String(after) : "\(after).\(taken).\(attempt)" }
}

/// Reads a task's output from the scheduler, one stream of it or both.
struct OutputSource: Sendable {
    let scheduler: any SchedulerPort
    let taskID: Int64
    let only: OutputStream?

    /// A piece, and the place behind it.
    struct Part: Sendable {
        let stream: OutputStream
        let bytes: [UInt8]
        let dropped: Int64
        let next: OutputCursor
    }

    /// Pieces from a place on.
    struct Page: Sendable {
        let parts: [Part]
        let next: OutputCursor
        /// Whether the task ended and nothing follows.
        let isLast: Bool
        /// Whether the scheduler gave something, wanted or not.
        let hasMore: Bool
        let state: ElvesContracts.TaskState
        let attempt: Int32
    }

    /// Asks once; waits for news where there is none.
    func page(from cursor: OutputCursor, limit: Int32, waitMs: Int64, _ call: PortCall) async throws -> Page {
        let answer = try await scheduler.output(taskID, after: cursor.after, limit: limit, waitMs: waitMs, call)
        // A new attempt began its output anew: of it nothing was taken.
        let taken = [0, answer.attempt].contains(cursor.attempt) ? cursor.taken : 0
        var parts: [Part] = []
        var seen = 0
        for (place, part) in answer.parts.enumerated() {
            let end = seen + part.bytes.count
            let isLast = place == answer.parts.count - 1
            let next =
                isLast
                ? OutputCursor(after: answer.nextAfter)
                : OutputCursor(after: cursor.after, taken: end, attempt: answer.attempt)
            let old = max(0, min(taken - seen, part.bytes.count))
            seen = end
            let isNew = old < part.bytes.count || (part.bytes.isEmpty && end >= taken)
            guard isNew, only == nil || part.stream == only else { continue }
            parts.append(
                Part(
                    stream: part.stream, bytes: old == 0 ? part.bytes : Array(part.bytes[old...]),
                    dropped: old == 0 ? part.dropped : 0, next: next))
        }
        let hasMoved = answer.nextAfter != cursor.after
        // More was taken than this page holds: the rest of it is at the start of the next.
        let left = max(0, taken - seen)
        let behind = OutputCursor(after: answer.nextAfter, taken: left, attempt: left > 0 ? answer.attempt : 0)
        return Page(
            parts: parts, next: hasMoved ? behind : cursor, isLast: answer.done,
            hasMore: hasMoved, state: answer.state, attempt: answer.attempt)
    }
}

extension OutputSource.Part {
    /// As it was written, behind a line that tells of a gap before it.
    var text: ByteBuffer {
        var buffer = ByteBuffer()
        if dropped > 0 { buffer.writeString("\n… \(dropped) bytes dropped …\n") }
        buffer.writeBytes(bytes)
        return buffer
    }
}

extension JSONBuffer {
    /// A page as JSON.
    mutating func output(_ page: OutputSource.Page) {
        object { json in
            json.key("parts")
            json.array(page.parts) { $0.output($1, attempt: page.attempt) }
            json.member("next", page.next.description)
            json.member("done", page.isLast)
            json.member("state", StateName.of(page.state))
            json.member("attempt", page.attempt)
        }
    }

    /// A piece: `text` where its bytes are UTF-8, else `base64`.
    mutating func output(_ part: OutputSource.Part, attempt: Int32) {
        object { json in
            json.member("stream", part.stream == .stderr ? "stderr" : "stdout")
            if let text = String(validating: part.bytes, as: UTF8.self) {
                json.member("text", text)
            } else {
                json.member("base64", Base64.encode(part.bytes))
            }
            json.member("dropped", part.dropped)
            json.member("attempt", attempt)
        }
    }
}
