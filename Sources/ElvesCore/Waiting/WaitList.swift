/// Calls that wait until something has come far enough: a clock, a generation, a round. A value: it lives in a Mutex.
package struct WaitList: Sendable {
    /// What a wait is known by while it lasts.
    package final class Ticket: Sendable {
        fileprivate init() {}
    }

    private struct Wait {
        let ticket: Ticket
        let due: Int64
        let continuation: CheckedContinuation<Void, Never>
    }

    private var waits: [Wait] = []

    /// What has to be reached for the first of them; `.max` when nobody waits.
    package private(set) var due = Int64.max

    /// Nobody waits.
    package init() {}

    /// How many wait.
    package var count: Int { waits.count }

    /// Suspends as a wait with a ticket of its own, by which a cancelled task is taken out early.
    ///
    /// - Parameters:
    ///   - begin: adds the continuation under the ticket, or answers false: there is nothing to wait for. It has to
    ///     answer false for a cancelled task, and to decide that under the lock that `withdraw` takes.
    ///   - withdraw: takes out the wait with that ticket.
    package static func wait(
        begin: (_ ticket: Ticket, CheckedContinuation<Void, Never>) -> Bool,
        withdraw: @Sendable (_ ticket: Ticket) -> CheckedContinuation<Void, Never>?
    ) async {
        let ticket = Ticket()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // Cancelled in between: the handler has found nothing to withdraw, or is about to find it.
                if !begin(ticket, continuation) { continuation.resume() }
            }
        } onCancel: {
            withdraw(ticket)?.resume()
        }
    }

    /// Adds one that waits until `due` is reached.
    package mutating func add(_ ticket: Ticket, until due: Int64, _ continuation: CheckedContinuation<Void, Never>) {
        waits.append(Wait(ticket: ticket, due: due, continuation: continuation))
        self.due = min(self.due, due)
    }

    /// Takes out one, when it still waits.
    package mutating func take(_ ticket: Ticket) -> CheckedContinuation<Void, Never>? {
        guard let index = waits.firstIndex(where: { $0.ticket === ticket }) else { return nil }
        return waits.remove(at: index).continuation
    }

    /// Takes out those that waited for what is reached now.
    package mutating func takeDue(_ now: Int64) -> [CheckedContinuation<Void, Never>] {
        guard due <= now else { return [] }
        let taken = waits.filter { $0.due <= now }
        waits.removeAll { $0.due <= now }
        due = waits.map(\.due).min() ?? .max
        return taken.map(\.continuation)
    }

    /// Takes out all.
    package mutating func takeAll() -> [CheckedContinuation<Void, Never>] {
        guard !waits.isEmpty else { return [] }
        let taken = waits.map(\.continuation)
        waits = []
        due = .max
        return taken
    }
}
