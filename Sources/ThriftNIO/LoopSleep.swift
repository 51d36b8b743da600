internal import NIOCore
internal import Synchronization

extension EventLoopExecutor {
    /// Waits for so long, or until the task is cancelled. The loop has to be there all the time.
    ///
    /// The loop's own timers end it: beside its thread none is woken, unlike by `Task.sleep`.
    package func sleep(for duration: Duration) async {
        let sleeper = LoopSleeper()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let timer = loop.scheduleTask(in: TimeAmount(duration)) {}
                timer.futureResult.whenComplete { _ in sleeper.wake() }
                sleeper.rest(continuation, until: timer)
            }
        } onCancel: {
            sleeper.cancel()
        }
    }
}

/// One wait and its timer: whichever of both comes first, end or cancellation, it is woken once.
private final class LoopSleeper: Sendable {
    private struct State {
        var continuation: CheckedContinuation<Void, Never>?
        var timer: Scheduled<Void>?
        var isOver = false
    }

    private let state = Mutex(State())

    func rest(_ continuation: CheckedContinuation<Void, Never>, until timer: Scheduled<Void>) {
        let isOver = state.withLock { state in
            if !state.isOver {
                state.continuation = continuation
                state.timer = timer
            }
            return state.isOver
        }
        guard isOver else { return }
        continuation.resume()
        timer.cancel()
    }

    func wake() {
        let continuation = state.withLock { state in
            state.isOver = true
            state.timer = nil
            defer { state.continuation = nil }
            return state.continuation
        }
        continuation?.resume()
    }

    func cancel() {
        let timer = state.withLock { $0.timer }
        wake()
        timer?.cancel()
    }
}
