import Synchronization
import TestSupport

/// Polls until the value stays the same for a while.
func settles(_ what: String, _ value: () -> Int) async throws {
    var before = value()
    var same = 0
    try await eventually(what) {
        let now = value()
        same = now == before ? same + 1 : 0
        before = now
        return same == 20
    }
}

/// Counts from several tasks.
final class Counter: Sendable {
    private let number = Atomic(0)

    var value: Int { number.load(ordering: .relaxed) }

    func count() { number.add(1, ordering: .relaxed) }
}
