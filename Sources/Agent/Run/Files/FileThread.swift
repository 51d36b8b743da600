internal import ElvesCore
internal import Glibc
internal import Synchronization

/// Does work with files that may take long, one piece after another, away from the threads that must not wait.
///
/// Its thread lives while there is work.
final class FileThread: Sendable {
    private struct State {
        var jobs: [@Sendable () -> Void] = []
        var isRunning = false
    }

    private let state = Mutex(State())

    /// Runs `body` on the thread and waits for it.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws(ElvesError) -> Value
    ) async throws(ElvesError) -> Value {
        let outcome = await withCheckedContinuation { (done: CheckedContinuation<Result<Value, ElvesError>, Never>) in
            add {
                do throws(ElvesError) { done.resume(returning: .success(try body())) } catch {
                    done.resume(returning: .failure(error))
                }
            }
        }
        return try outcome.get()
    }

    private func add(_ job: @escaping @Sendable () -> Void) {
        let isFirst = state.withLock { state in
            state.jobs.append(job)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard isFirst else { return }
        var thread = pthread_t()
        let start = Unmanaged.passRetained(self)
        let problem = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<FileThread>.fromOpaque(argument).takeRetainedValue().work()
                return nil
            }, start.toOpaque())
        if problem == 0 {
            pthread_detach(thread)
        } else {
            // No thread to be had: better here than never.
            start.release()
            work()
        }
    }

    private func work() {
        while let job = next() { job() }
    }

    private func next() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard !state.jobs.isEmpty else {
                state.isRunning = false
                return nil
            }
            return state.jobs.removeFirst()
        }
    }
}
