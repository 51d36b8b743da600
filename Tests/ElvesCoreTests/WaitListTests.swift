import ElvesCore
import Synchronization
import Testing

@Suite struct WaitListTests {
    /// A number that only grows, and those who wait for it.
    private final class Counter: Sendable {
        private let state = Mutex((reached: Int64(0), waits: WaitList()))

        var waiting: Int { state.withLock { $0.waits.count } }
        var due: Int64 { state.withLock { $0.waits.due } }

        func wait(for number: Int64) async {
            await WaitList.wait { ticket, continuation in
                state.withLock { state in
                    if state.reached >= number || Task.isCancelled { return false }
                    state.waits.add(ticket, until: number, continuation)
                    return true
                }
            } withdraw: { ticket in
                state.withLock { $0.waits.take(ticket) }
            }
        }

        func reach(_ number: Int64) {
            let woken = state.withLock { state in
                state.reached = number
                return state.waits.takeDue(number)
            }
            for wait in woken { wait.resume() }
        }

        func end() {
            for wait in state.withLock({ $0.waits.takeAll() }) { wait.resume() }
        }
    }

    private let counter = Counter()

    private func waiters(for numbers: [Int64]) async -> [Task<Void, Never>] {
        let tasks = numbers.map { number in Task { [counter] in await counter.wait(for: number) } }
        while counter.waiting < numbers.count { await Task.yield() }
        return tasks
    }

    @Test(.timeLimit(.minutes(1))) func eachIsWokenWhenItsNumberIsReached() async {
        #expect(counter.due == .max)
        let tasks = await waiters(for: [5, 3, 9])
        #expect(counter.due == 3)
        counter.reach(2)
        #expect(counter.waiting == 3)
        counter.reach(5)
        await tasks[0].value
        await tasks[1].value
        #expect(counter.waiting == 1 && counter.due == 9)
        await counter.wait(for: 5)
        counter.reach(9)
        await tasks[2].value
        #expect(counter.waiting == 0 && counter.due == .max)
    }

    @Test(.timeLimit(.minutes(1))) func theOneThatIsCancelledIsTakenOut() async {
        let tasks = await waiters(for: [1, 2])
        tasks[0].cancel()
        await tasks[0].value
        #expect(counter.waiting == 1)
        let late = Task { [counter] in
            while !Task.isCancelled { await Task.yield() }
            await counter.wait(for: 3)
        }
        late.cancel()
        await late.value
        #expect(counter.waiting == 1)
        counter.end()
        await tasks[1].value
        #expect(counter.waiting == 0)
    }

    /// Cancelled at any moment on the way in, nobody waits for ever.
    @Test(.timeLimit(.minutes(1))) func aCancelThatMeetsTheBeginEndsTheWait() async {
        for _ in 0..<2_000 {
            let task = Task { [counter] in await counter.wait(for: 1) }
            task.cancel()
            await task.value
        }
        #expect(counter.waiting == 0)
    }
}
