package import ElvesContracts
internal import ElvesCore
package import Runner
internal import Synchronization
internal import Thrift

/// Kept results: read from the disk on its own thread.
extension AttemptJournal {
    /// The result of an attempt; nil when none is kept.
    package func result(of key: AttemptKey) async -> TaskResult? {
        await page(of: [key], count: 1, bytes: .max).results.first
    }

    /// The first of these results that are still kept, as many as a page holds and at least one; and how many of the
    /// keys that took.
    package func page(
        of keys: [AttemptKey], count: Int, bytes: Int
    ) async -> (results: [TaskResult], keys: Int) {
        await disk.perform { [self] in
            var reader = ResultReader(folder: folder)
            var results: [TaskResult] = []
            var size = 0
            for (index, key) in keys.enumerated() {
                let found = state.withLock { ($0.image.kept[key], $0.unsaved[key]) }
                guard let kept = found.0 else { continue }
                size += Int(kept.place.length)
                if results.count == count || !results.isEmpty && size > bytes { return (results, index) }
                if let frame = found.1 {
                    if let result = ResultReader.result(in: frame) { results.append(result) }
                } else if let result = try? reader.result(of: key, kept) {
                    results.append(result)
                }
            }
            return (results, keys.count)
        }
    }

    /// Attempts whose results the center should hear: all that are kept, or those without word for `patience`.
    package func due(all: Bool, patience: Duration) -> [AttemptKey] {
        let since = now - patience.wholeMilliseconds
        let keys = state.withLock { state in
            state.image.kept.filter { all || $0.value.saidAt.map { $0 <= since } ?? true }.map(\.key)
        }
        return keys.sorted { ($0.taskId, $0.attempt) < ($1.taskId, $1.attempt) }
    }

    /// The center was told these results now; or, when `isHeard` is false, whoever should have heard them is gone.
    package func said(_ keys: some Sequence<AttemptKey> & Sendable, isHeard: Bool = true) {
        let now = isHeard ? now : nil
        state.withLock { state in for key in keys { state.image.said(key, at: now) } }
    }

    /// Results that wait to be recorded, and their bytes on disk.
    package var keptCount: (results: Int, bytes: Int64) {
        state.withLock { ($0.image.kept.count, $0.image.keptBytes) }
    }
}
