import Dispatch
import ElvesCore
import GRDB
import StorageSQLite
import Synchronization
import Testing

@Suite struct GroupCommitTests {
    struct Refusal: Error, Equatable {}

    /// Keeps the writing connection busy until `release` is called.
    final class Plug: Sendable {
        private let semaphore = DispatchSemaphore(value: 0)
        private let entered = Atomic(false)
        var holds: Bool { entered.load(ordering: .acquiring) }

        func block() {
            entered.store(true, ordering: .releasing)
            semaphore.wait()
        }

        func release() { semaphore.signal() }
    }

    /// Hands in `count` transactions while another one holds the writer, then lets go.
    private func together<T: Sendable>(
        _ count: Int, in store: SQLiteStore, _ body: @escaping @Sendable (Int, Database) throws -> T
    ) async throws -> [Int: Result<T, any Error>] {
        let plug = Plug()
        async let first: Void = store.write { _ in plug.block() }
        #expect(await eventually { plug.holds })
        let results = await withTaskGroup(of: (Int, Result<T, any Error>).self) { group in
            for number in 0..<count {
                group.addTask {
                    do {
                        return (number, .success(try await store.write { db in try body(number, db) }))
                    } catch {
                        return (number, .failure(error))
                    }
                }
            }
            let all = await eventually { store.counts.waiting == count }
            plug.release()
            #expect(all)
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        try await first
        return results
    }

    @Test func callersThatComeTogetherShareOneCommit() async throws {
        let scratch = try Scratch()
        let store = try scratch.store()
        let results = try await together(100, in: store) { number, db in
            try db.execute(sql: "INSERT INTO item VALUES (?, 'x')", arguments: [number])
        }
        #expect(results.count == 100)
        #expect(try await store.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM item") } == 100)
        #expect(store.counts.transactions == 101)
        #expect(store.counts.commits == 2)
    }

    @Test func aCallerAloneNeedsNoCompany() async throws {
        let scratch = try Scratch()
        let store = try scratch.store()
        for number in 1...3 {
            try await store.write { db in
                try db.execute(sql: "INSERT INTO item VALUES (?, 'x')", arguments: [number])
            }
        }
        #expect(store.counts.commits == 3)
    }

    @Test func aTransactionThatThrowsIsUndoneAlone() async throws {
        let scratch = try Scratch()
        let store = try scratch.store()
        let results = try await together(10, in: store) { number, db in
            try db.execute(sql: "INSERT INTO item VALUES (?, 'x')", arguments: [number])
            if number.isMultiple(of: 2) { throw Refusal() }
        }
        for (number, result) in results {
            if number.isMultiple(of: 2) {
                #expect(throws: Refusal.self) { try result.get() }
            } else {
                #expect(throws: Never.self) { try result.get() }
            }
        }
        #expect(try await store.read { try Int.fetchAll($0, sql: "SELECT id FROM item") } == [1, 3, 5, 7, 9])
        #expect(store.counts.commits == 2)
    }

    @Test func aConstraintErrorReachesItsCallerAsItIs() async throws {
        let scratch = try Scratch()
        let store = try scratch.store()
        let sql = "INSERT INTO item VALUES (1, 'x')"
        try await store.write { try $0.execute(sql: sql) }
        let error = await #expect(throws: DatabaseError.self) { try await store.write { try $0.execute(sql: sql) } }
        #expect(error?.resultCode == .SQLITE_CONSTRAINT)
    }

    @Test func theStrictestWishOfAGroupCounts() async throws {
        let scratch = try Scratch()
        let store = try scratch.store()
        let mode: @Sendable (Database) throws -> Int? = { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
        #expect(try await store.write(.synced, mode) == 2)
        #expect(try await store.write(.buffered, mode) == 1)
        #expect(try await store.write(.synced, mode) == 2)
    }

    @Test func tooManyWaitingWritersAreRefusedAtOnce() async throws {
        let scratch = try Scratch()
        let store = try scratch.store(options: .init(maxWaiting: 2))
        let plug = Plug()
        async let first: Void = store.write { _ in plug.block() }
        #expect(await eventually { plug.holds })
        async let second: Void = store.write { _ in }
        async let third: Void = store.write { _ in }
        let filled = await eventually { store.counts.waiting == 2 }
        if filled {
            let error = await #expect(throws: ElvesError.self) { try await store.write { _ in } }
            #expect(error?.code.code == "elves.overloaded")
        }
        plug.release()
        #expect(filled)
        _ = try await (first, second, third)
    }
}
