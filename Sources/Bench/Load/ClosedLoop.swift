/// Callers that each wait for an answer before the next call.
enum ClosedLoop {
    /// Runs `callers` of them until `duration` is over; answers with calls per second.
    ///
    /// - Parameter executor: where a caller runs; nil for the shared pool.
    static func run(
        callers: Int, for duration: Duration, recorder: Recorder,
        on executor: (Int) -> (any TaskExecutor)? = { _ in nil },
        call: @escaping @Sendable (_ caller: Int, _ number: Int) async throws -> Void
    ) async -> Double {
        let start = ContinuousClock.now
        let end = start + duration
        await withTaskGroup(of: Void.self) { group in
            for caller in 0..<callers {
                group.addTask(executorPreference: executor(caller)) {
                    var number = 0
                    while true {
                        let begin = ContinuousClock.now
                        guard begin < end else { return }
                        do {
                            try await call(caller, number)
                            recorder.record(.now - begin)
                        } catch {
                            recorder.fail("\(error)")
                        }
                        number += 1
                    }
                }
            }
        }
        return Double(recorder.count) / ((ContinuousClock.now - start) / .seconds(1))
    }
}
