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

    @Test func nothingFollowsAnEnd() {
        for end in TaskState.allCases where end.isEnd {
            for next in TaskState.allCases {
                var task = TaskLifecycle(end)
                #expect(task.move(to: next) == (next == end ? .already : .refused))
                #expect(task.state == end)
            }
        }
    }

    @Test func everyUnfinishedStateLeadsToAnEnd() {
        for state in TaskState.allCases where !state.isEnd {
            #expect(TaskState.allCases.contains { $0.isEnd && TaskLifecycle.allows(state, to: $0) })
            #expect(!TaskLifecycle.allows(state, to: .created))
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
}
