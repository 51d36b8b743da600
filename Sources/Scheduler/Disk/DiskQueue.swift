import Dispatch
import ElvesCore

/// A thread for calls that block: one after the other, in the order in which they came.
final class DiskQueue: Sendable {
    private let queue: DispatchQueue

    init(_ name: String) {
        queue = DispatchQueue(label: "elves.scheduler.\(name)")
    }

    /// Runs `body` there and returns what it does.
    func run<T: Sendable>(_ body: @escaping @Sendable () throws(ElvesError) -> T) async throws(ElvesError) -> T {
        let result: Result<T, ElvesError> = await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: Result(catching: body)) }
        }
        return try result.get()
    }

    /// Runs `body` there; nobody waits for it.
    func start(_ body: @escaping @Sendable () -> Void) {
        queue.async(execute: body)
    }
}
