import Crypto
import ElvesContracts
import ElvesCore
import Synchronization
import TestSupport

/// Waits for news, as a component's long poll does.
private func poll<Page>(_ waitMs: Int64, _ page: () -> Page?) async throws -> Page? {
    let end = ContinuousClock.now + .milliseconds(waitMs)
    while true {
        if let page = page() { return page }
        guard ContinuousClock.now < end else { return nil }
        try await Task.sleep(for: .milliseconds(3))
    }
}

/// A task's output that the test writes piece by piece; a cursor is the number of pieces before it.
final class PlayedOutput: Sendable {
    private struct State {
        var parts: [OutputPart] = []
        var isDone = false
        var isEndless = false
        var asked = 0
    }

    private let state = Mutex(State())
    /// Pieces of one page.
    private static let pageParts = 3

    /// How often it was asked for.
    var asked: Int { state.withLock(\.asked) }

    func write(_ text: String, _ stream: OutputStream = .stdout, dropped: Int64 = 0) {
        write(bytes: Array(text.utf8), stream, dropped: dropped)
    }

    func write(bytes: [UInt8], _ stream: OutputStream = .stdout, dropped: Int64 = 0) {
        state.withLock { $0.parts.append(OutputPart(stream: stream, bytes: bytes, dropped: dropped)) }
    }

    /// The task ends.
    func end() { state.withLock { $0.isDone = true } }

    /// From now on there is always another page of 64 KiB.
    func neverEnds() { state.withLock { $0.isEndless = true } }

    func page(after: Int64, waitMs: Int64) async throws -> OutputPage {
        state.withLock { $0.asked += 1 }
        let page = try await poll(waitMs) {
            state.withLock { state -> OutputPage? in
                if state.isEndless {
                    let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 65_536)
                    return OutputPage(
                        parts: [OutputPart(stream: .stdout, bytes: bytes)], nextAfter: after + 1, state: .running,
                        attempt: 1)
                }
                let start = Int(after)
                let parts = Array(state.parts.dropFirst(start).prefix(Self.pageParts))
                let isDone = state.isDone && start + parts.count >= state.parts.count
                guard !parts.isEmpty || isDone else { return nil }
                return OutputPage(
                    parts: parts, nextAfter: after + Int64(parts.count), done: isDone,
                    state: state.isDone ? .succeeded : .running, attempt: 1)
            }
        }
        return page ?? OutputPage(nextAfter: after, state: .running, attempt: 1)
    }
}

/// Events that the test makes; their ids count from 1.
final class PlayedEvents: Sendable {
    private struct State {
        var events: [Event] = []
        var firstKept: Int64 = 1
        var failure: ElvesError?
    }

    private let state = Mutex(State())

    func happens(_ event: Event) {
        state.withLock { state in
            var event = event
            event.id = Int64(state.events.count) + 1
            event.at = 1_767_323_045_678
            state.events.append(event)
        }
    }

    /// Retention takes those before the id.
    func forget(before id: Int64) { state.withLock { $0.firstKept = id } }

    func fails(_ error: ElvesError?) { state.withLock { $0.failure = error } }

    func page(after: Int64, limit: Int32, waitMs: Int64) async throws -> EventPage {
        if let failure = state.withLock(\.failure) { throw failure }
        let start = state.withLock { after < 0 ? Int64($0.events.count) : after }
        let page = try await poll(waitMs) {
            state.withLock { state -> EventPage? in
                let kept = state.events.filter { $0.id > start && $0.id >= state.firstKept }.prefix(Int(limit))
                guard let last = kept.last else { return nil }
                return EventPage(
                    events: Array(kept), nextAfter: last.id, lost: start > 0 && start + 1 < state.firstKept)
            }
        }
        return page ?? EventPage(nextAfter: start)
    }
}

/// Contents by their digest; an upload's bytes are hashed and counted, not kept.
final class PlayedBlobs: Sendable {
    private struct State {
        var contents: [[UInt8]: [UInt8]] = [:]
        var sizes: [[UInt8]: Int64] = [:]
        var announced: [Int64] = []
        var chunks: [Int] = []
        var digest = SHA256()
        var length: Int64 = 0
        var aborted = 0
    }

    private let state = Mutex(State())

    var announced: [Int64] { state.withLock(\.announced) }
    var chunks: [Int] { state.withLock(\.chunks) }
    var aborted: Int { state.withLock(\.aborted) }

    /// Gives it a content; answers with its digest.
    func add(_ text: String) -> [UInt8] {
        let digest = Array(SHA256.hash(data: Array(text.utf8)))
        state.withLock { state in
            state.contents[digest] = Array(text.utf8)
            state.sizes[digest] = Int64(text.utf8.count)
        }
        return digest
    }

    /// Holds chunks that come.
    let entrance = Gate()

    func begin(size: Int64) -> String {
        state.withLock { state in
            state.announced.append(size)
            state.digest = SHA256()
            state.length = 0
        }
        return "u1"
    }

    func take(offset: Int64, _ bytes: [UInt8]) async throws {
        try await entrance.pass()
        state.withLock { state in
            precondition(offset == state.length)
            state.digest.update(data: bytes)
            state.length += Int64(bytes.count)
            state.chunks.append(bytes.count)
        }
    }

    func finish() -> BlobInfo {
        state.withLock { state in
            let digest = Array(state.digest.finalize())
            state.sizes[digest] = state.length
            return BlobInfo(digest: digest, size: state.length)
        }
    }

    func abort() { state.withLock { $0.aborted += 1 } }

    func size(of digest: [UInt8]) -> Int64? { state.withLock { $0.sizes[digest] } }

    func read(_ digest: [UInt8], offset: Int64, length: Int32) throws -> [UInt8] {
        guard let content = state.withLock({ $0.contents[digest] }) else {
            throw ElvesError(.schedulerBlobUnknown, "no such file")
        }
        return Array(content.dropFirst(Int(offset)).prefix(Int(length)))
    }
}
