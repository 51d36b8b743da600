import ElvesCore
import Testing

@Suite struct TaskLifecycleTests {
    @Test func rawValuesAreThoseOfTheIDL() {
        #expect(TaskState.allCases.map(\.rawValue) == [1, 2, 3] + Array(10...19))
        #expect(TaskState(rawValue: 4) == nil)
        #expect(TaskState.allCases.filter(\.isEnd).count == 10)
    }

    @Test func namesAreReadBack() {
        for state in TaskState.allCases { #expect(TaskState(name: state.name) == state) }
        #expect(TaskState.timedOut.name == "timed_out")
        #expect(TaskState(name: "timedOut") == nil)
    }

    @Test func nothingFollowsADefiniteEnd() {
        for end in TaskState.allCases where end.isEnd && end != .unknown {
            for next in TaskState.allCases {
                var task = TaskLifecycle(end)
                let step = task.move(to: next)
                #expect(step == (next == end ? .already : .refused))
                let starts = task.startOver()
                #expect(!starts)
                #expect(task.state == end)
            }
        }
    }

    @Test func onlyAnAgentsDefiniteWordFollowsUnknown() {
        let words: Set<TaskState> = [.succeeded, .failed, .timedOut, .killed, .cancelled, .rejected, .expired]
        for next in TaskState.allCases {
            #expect(TaskLifecycle.allows(.unknown, to: next) == words.contains(next))
        }
    }

    @Test func everyUnfinishedStateLeadsToAnEndAndBackToTheBeginning() {
        for state in TaskState.allCases where !state.isEnd {
            #expect(TaskState.allCases.contains { $0.isEnd && TaskLifecycle.allows(state, to: $0) })
            var task = TaskLifecycle(state)
            let starts = task.startOver()
            #expect(starts && task.state == .created)
        }
    }

    @Test func aWorkerEndsOnlyWhatWasSent() {
        for end in [TaskState.succeeded, .failed, .timedOut, .killed] {
            #expect(!TaskLifecycle.allows(.created, to: end))
            #expect(TaskLifecycle.allows(.dispatched, to: end))
            #expect(TaskLifecycle.allows(.running, to: end))
        }
        for end in [TaskState.skipped, .cancelled, .rejected, .unreachable, .expired] {
            #expect(TaskLifecycle.allows(.created, to: end))
            #expect(!TaskLifecycle.allows(.running, to: end))
        }
    }

    /// Whatever is tried in whatever order: one end, and after `unknown` at most one more.
    @Test(arguments: Seeds.many) func anyOrderOfEventsGivesOneEnd(_ seed: UInt64) {
        var random = SeededRandom(seed)
        for _ in 0..<200 {
            var task = TaskLifecycle()
            var ends: [TaskState] = []
            for _ in 0..<40 {
                let before = task.state
                if random.chance(20) {
                    let starts = task.startOver()
                    #expect(starts == !before.isEnd)
                } else if let next = TaskState.allCases.randomElement(using: &random) {
                    let step = task.move(to: next)
                    #expect((step == .moved) == (task.state != before))
                    if step == .moved, next.isEnd { ends.append(next) }
                }
                if before.isEnd { #expect(task.state.isEnd) }
            }
            #expect(ends.count <= 2)
            if ends.count == 2 { #expect(ends[0] == .unknown && ends[1] != .unknown) }
        }
    }
}
