import Foundation

@testable import Scheduler

/// The stores that a test runs over.
enum StoreKind: CaseIterable {
    case inMemory, sqlite

    func with(_ body: (any SchedulerStore) async throws -> Void) async throws {
        switch self {
        case .inMemory: try await body(InMemorySchedulerStore())
        case .sqlite:
            let folder = FileManager.default.temporaryDirectory.appending(path: "elves-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let store = try SQLiteSchedulerStore(path: folder.appending(path: "scheduler.sqlite").path)
            try await body(store)
            try store.close()
        }
    }
}
