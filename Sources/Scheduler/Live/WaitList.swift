internal import Synchronization

/// Calls that wait for something to happen, each until its own deadline. A value: it lives in a Mutex.
struct WaitList {
    private struct Wait {
        let number: Int
        let deadline: Int64
        let continuation: CheckedContinuation<Void, Never>
    }

    private static let lastNumber = Atomic(0)
    private var waits: [Wait] = []

    /// The earliest deadline in microseconds; `.max` when nobody waits.
    private(set) var due = Int64.max

    /// Suspends as a wait with a number of its own, which a cancelled task takes out early.
    ///
    /// - Parameters:
    ///   - begin: adds the continuation under the number, or answers false: there is nothing to wait for.
    ///   - withdraw: takes the number out.
    static func wait(
        begin: (_ number: Int, CheckedContinuation<Void, Never>) -> Bool,
        withdraw: @Sendable (_ number: Int) -> CheckedContinuation<Void, Never>?
    ) async {
        let number = lastNumber.add(1, ordering: .relaxed).newValue
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // Cancelled in between: the handler has found nothing to withdraw, or is about to find it.
                if !begin(number, continuation) { continuation.resume() }
            }
        } onCancel: {
            withdraw(number)?.resume()
        }
    }

    mutating func add(_ number: Int, until deadline: Int64, _ continuation: CheckedContinuation<Void, Never>) {
        waits.append(Wait(number: number, deadline: deadline, continuation: continuation))
        due = min(due, deadline)
    }

    /// Takes out one, when it still waits.
    mutating func take(_ number: Int) -> CheckedContinuation<Void, Never>? {
        guard let index = waits.firstIndex(where: { $0.number == number }) else { return nil }
        return waits.remove(at: index).continuation
    }

    /// Takes out those whose deadline has passed.
    mutating func takeDue(_ now: Int64) -> [CheckedContinuation<Void, Never>] {
        guard due <= now else { return [] }
        let taken = waits.filter { $0.deadline <= now }
        waits.removeAll { $0.deadline <= now }
        due = waits.map(\.deadline).min() ?? .max
        return taken.map(\.continuation)
    }

    /// Takes out all.
    mutating func takeAll() -> [CheckedContinuation<Void, Never>] {
        guard !waits.isEmpty else { return [] }
        let taken = waits.map(\.continuation)
        waits = []
        due = .max
        return taken
    }
}
