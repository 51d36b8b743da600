import ElvesCore
import Foundation

@testable import Scheduler

/// The stores that conformance suites run against.
enum StoreKind: CaseIterable, Sendable {
    case inMemory
    case sqlite
    /// The same, with every end in the indexes of lists before each question.
    case sqliteIndexed

    func with(_ body: (any SchedulerStore) async throws -> Void) async throws {
        guard self != .inMemory else { return try await body(InMemorySchedulerStore()) }
        try await withFolder { folder in
            let store = try SQLiteSchedulerStore(path: "\(folder)/scheduler.sqlite")
            try await body(store)
            try store.close()
        }
    }

    /// Fills the indexes, when this kind does.
    func settle(_ store: any SchedulerStore) async throws {
        if self == .sqliteIndexed { while try await store.index(threshold: 1) > 0 {} }
    }
}

/// Runs `body` with the path of a folder that is there as long.
func withFolder<T>(_ body: (String) async throws -> T) async throws -> T {
    let folder = FileManager.default.temporaryDirectory.appending(path: "elves-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path)
}

extension Execution {
    /// A task that ended, or one that runs for `state` `.dispatched`.
    static func ended(
        _ id: Int64, _ state: TaskState = .succeeded, app: String = "hello", function: String = "greet",
        agent: Int64 = 7, caller: String = "key-1", labels: [String: String] = [:], batch: Int64? = nil,
        owner: String = ""
    ) -> Execution {
        var record = Execution(
            id: .test(id), batchID: batch.map { .test($0) },
            call: FunctionCall(app: app, function: function, labels: labels),
            target: TaskTarget(id: .test(agent), ip: "10.0.0.\(agent)", name: "web-\(agent)"), caller: caller,
            state: state, createdAt: 1_000 + id)
        record.endedAt = state.isEnd ? 2_000 + id : 0
        record.owner = owner
        record.outcome.message = state == .succeeded ? "done" : "broken"
        record.outcome.code = state == .succeeded ? "" : "agent.worker.exit"
        return record
    }
}

extension HistoryQuery {
    static func test(_ change: (inout HistoryQuery) -> Void) -> HistoryQuery {
        var query = HistoryQuery()
        change(&query)
        return query
    }
}

extension SchedulerStore {
    /// The ids of all pages.
    func walk(_ query: HistoryQuery) async throws -> [Int64] {
        var query = query
        var ids: [Int64] = []
        while true {
            let page = try await history(query)
            ids += page.executions.map(\.id.rawValue)
            guard let next = page.nextBefore, next < query.before else { return ids }
            query.before = next
        }
    }
}
