internal import ElvesCore
internal import Foundation
internal import Scheduler

/// Pages of a long history, by every kind of filter, beside as many records by their primary keys.
struct HistoryBench {
    /// Ended tasks in the history.
    let rows: Int
    /// Tasks in a page.
    let page: Int
    /// Pages of each kind.
    let pages: Int

    /// What a page should take at most, in milliseconds.
    private static let target = 20.0

    func run() async throws -> [Figure] {
        let folder = NSTemporaryDirectory() + "elves-bench-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/scheduler.sqlite"
        let history = BulkHistory(path: path, rows: rows)
        let clock = ContinuousClock()
        let took = try await clock.measure { try await history.build() }
        let bytes = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int64 ?? 0
        print(
            "\(rows) ended tasks, \(bytes >> 20) MiB, built in \(took / .seconds(1)) s; off: Thrift, HTTP, live tasks")
        let store = try SQLiteSchedulerStore(path: path)
        var figures: [Figure] = []
        for kind in Self.kinds(history) { figures += try await measure(kind, store, history) }
        try store.close()
        let missed = figures.filter { $0.beside == Self.target && $0.value > Self.target }.count
        print("kinds of pages with a p99 over \(Int(Self.target)) ms: \(missed) of \(figures.count / 3)")
        return figures
    }

    /// Times pages from places all over the history, and after each as many records by their keys.
    private func measure(
        _ kind: Kind, _ store: SQLiteSchedulerStore, _ history: BulkHistory
    ) async throws -> [Figure] {
        let times = Recorder()
        let floor = Recorder()
        let clock = ContinuousClock()
        var found = 0
        for number in 0..<pages {
            var query = HistoryQuery()
            query.limit = page
            kind.change(&query, number)
            var listed: HistoryPage?
            times.record(try await clock.measure { listed = try await store.history(query) })
            let ids = listed?.executions.map(\.id) ?? []
            found += ids.count
            let random = history.ids(ids.count)
            floor.record(try await clock.measure { _ = try await store.executions(random) })
        }
        let name = "page \(kind.name), \(found / pages) tasks"
        return [
            Figure("\(name), p50", times.percentile(50), "ms", beside: floor.percentile(50), of: "by primary key"),
            Figure("\(name), p99", times.percentile(99), "ms", beside: floor.percentile(99), of: "by primary key"),
            Figure("the same", times.percentile(99), "ms", beside: Self.target, of: "ms wanted at most"),
        ]
    }

    /// A kind of page.
    private struct Kind {
        let name: String
        /// Sets the filters of the page of that number.
        let change: (inout HistoryQuery, Int) -> Void
    }

    private static func kinds(_ history: BulkHistory) -> [Kind] {
        [
            Kind(name: "newest") { _, _ in },
            Kind(name: "deep") { query, number in query.before = history.place(number) },
            Kind(name: "of an app, deep") { query, number in
                query.app = "app-\(number % 20)"
                query.before = history.place(number)
            },
            Kind(name: "of a function, deep") { query, number in
                query.app = "app-\(number % 20)"
                query.function = "f-\(number % 7)"
                query.before = history.place(number)
            },
            Kind(name: "of an agent") { query, number in query.agent = history.agent(number) },
            Kind(name: "of an address") { query, number in query.ip = history.ip(number) },
            Kind(name: "of an agent, failed") { query, number in
                query.agent = history.agent(number)
                query.states = [.failed]
            },
            Kind(name: "by label") { query, number in query.labels = ["ticket": "OPS-\(number * 37 % 5_000)"] },
            Kind(name: "by two labels") { query, number in
                query.labels = ["env": "prod", "ticket": "OPS-\(number * 37 % 5_000)"]
            },
            Kind(name: "failed, deep") { query, number in
                query.states = [.failed]
                query.before = history.place(number)
            },
            Kind(name: "killed (1 in 100,000)") { query, number in
                query.states = [.killed]
                query.before = history.place(number)
            },
            Kind(name: "of a rare app (50 tasks)") { query, _ in query.app = "rare" },
            Kind(name: "of an app and a key that never met") { query, number in
                query.app = "app-1"
                query.caller = "key-none"
                query.before = history.place(number)
            },
            Kind(name: "of a function alone, that is rare") { query, number in
                query.function = "f-rare"
                query.before = history.place(number)
            },
        ]
    }
}
