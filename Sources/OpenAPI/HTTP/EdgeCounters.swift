import HTTPTypes
import Synchronization

/// Counts answers by the first digit of their status.
final class EdgeCounters: Sendable {
    private let success = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)
    private let failed = Atomic<Int>(0)

    func count(_ status: HTTPResponse.Status) {
        switch status.code {
        case ..<400: success.add(1, ordering: .relaxed)
        case ..<500: refused.add(1, ordering: .relaxed)
        default: failed.add(1, ordering: .relaxed)
        }
    }

    /// Counters by name.
    var numbers: [String: Int64] {
        [
            "answers_ok": Int64(success.load(ordering: .relaxed)),
            "answers_refused": Int64(refused.load(ordering: .relaxed)),
            "answers_failed": Int64(failed.load(ordering: .relaxed)),
        ]
    }
}
