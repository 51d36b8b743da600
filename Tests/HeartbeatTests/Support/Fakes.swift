import AgentLinks
import ElvesCore
import Heartbeat
import Logging
import Synchronization
import TestSupport
import Testing

extension ElvesID {
    static func test(_ number: Int64) -> ElvesID {
        guard let id = ElvesID(rawValue: number) else { preconditionFailure("ids are above 0") }
        return id
    }
}

extension AgentIdentity {
    static func test(_ number: Int64) -> AgentIdentity {
        AgentIdentity(id: .test(number), ip: "127.0.\(number / 256).\(number % 256)")
    }
}

/// An agent's connection that notes what it is told.
final class FakeFleetLink: FleetLink {
    let agent: AgentIdentity
    private let alive: Bool
    private let state = Mutex((isOpen: true, refreshes: [Int64]()))

    init(_ number: Int64, alive: Bool = true) {
        agent = .test(number)
        self.alive = alive
    }

    var isOpen: Bool { state.withLock { $0.isOpen } }
    var refreshes: [Int64] { state.withLock { $0.refreshes } }
    func answers(within limit: Duration) async -> Bool { alive }
    func close(reason: String) { state.withLock { $0.isOpen = false } }
    func refresh(_ generation: Int64) { state.withLock { $0.refreshes.append(generation) } }
}

/// A supervisor that says what the test gave it, or is away.
final class FakeSupervisor: CatalogSource, FileSource {
    struct Away: Error {}

    private struct State {
        var changes: [CatalogChange] = []
        var asked: [Int64] = []
        var files: [[UInt8]: [UInt8]] = [:]
        var reads = 0
        var isAway = false
        var readDelay: Duration = .zero
    }

    private let state = Mutex(State())
    /// Open when there may be something to tell.
    private let news = Gate(isOpen: false)

    var asked: [Int64] { state.withLock { $0.asked } }
    var reads: Int { state.withLock { $0.reads } }
    func goAway(_ isAway: Bool = true) {
        state.withLock { $0.isAway = isAway }
        news.open()
    }
    func slowDown(_ delay: Duration) { state.withLock { $0.readDelay = delay } }
    func publish(_ change: CatalogChange) {
        state.withLock { $0.changes.append(change) }
        news.open()
    }
    func store(_ content: [UInt8], as digest: [UInt8]) { state.withLock { $0.files[digest] = content } }

    func changes(after: Int64, waitMs: Int64) async throws -> CatalogChange {
        state.withLock { $0.asked.append(after) }
        while true {
            // What comes after the look opens it again.
            news.close()
            let next = try state.withLock { state -> CatalogChange? in
                if state.isAway { throw Away() }
                return state.changes.isEmpty ? nil : state.changes.removeFirst()
            }
            if let next { return next }
            if waitMs == 0 { return CatalogChange(generation: after, complete: false, entries: []) }
            try await news.pass()
        }
    }

    func read(_ digest: [UInt8], offset: Int64, length: Int) async throws -> [UInt8] {
        let (content, delay) = try state.withLock { state in
            state.reads += 1
            if state.isAway { throw Away() }
            return (state.files[digest] ?? [], state.readDelay)
        }
        if delay > .zero { try await Task.sleep(for: delay) }
        return Array(content.dropFirst(Int(offset)).prefix(length))
    }
}

/// Clocks that a test turns.
final class TestTime: Sendable {
    private let now = Mutex<Int64>(1_800_000_000_000)

    func advance(ms: Int64) { now.withLock { $0 += ms } }

    var keeper: Timekeeper {
        Timekeeper(
            wallMs: { self.now.withLock { $0 } }, micros: { self.now.withLock { $0 } * 1_000 },
            sleep: { _ in try await Task.sleep(for: .milliseconds(1)) })
    }
}

extension LiveVersion {
    static func test(_ app: String, _ version: String = "1.0.0", files: [PackageFile] = []) -> LiveVersion {
        LiveVersion(
            app: app, version: version, treeDigest: digest("\(app)/\(version)"), files: files,
            content: Array("\(app)@\(version)".utf8))
    }
}

extension CatalogEntry {
    static func test(
        _ app: String, _ version: String? = "1.0.0", on bindings: String..., removed: Bool = false,
        files: [PackageFile] = []
    ) -> CatalogEntry {
        CatalogEntry(
            app: app, live: version.map { .test(app, $0, files: files) }, bindings: bindings, removed: removed)
    }
}

extension AgentReport {
    static func test(
        _ name: String = "web-1", _ labels: [String: String] = ["role": "web"], apps: [String] = [],
        generation: Int64 = 0
    ) -> AgentReport {
        AgentReport(
            name: name, version: "0.1.0", labels: labels, facts: ["os": "linux"],
            apps: apps.map { InstalledApp(app: $0, version: "1.0.0") }, desiredGeneration: generation)
    }
}

/// 32 bytes that stand for a digest.
func digest(_ text: String) -> [UInt8] {
    Array((text.utf8 + Array(repeating: 0, count: 32)).prefix(32))
}
