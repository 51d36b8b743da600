import Testing

@testable import Runner

@Suite struct FinishedWorkersTests {
    private func end(_ task: Int64, bytes: Int = 0) -> WorkerEnd {
        var end = WorkerEnd(key: AttemptKey(taskId: task), status: .exited(0))
        end.output = CapturedBytes(head: [UInt8](repeating: 0x61, count: bytes))
        return end
    }

    private func keys(_ tasks: Int64...) -> Set<AttemptKey> { Set(tasks.map { AttemptKey(taskId: $0) }) }

    @Test func anEndIsTakenOnceAndRememberedAWhile() {
        var finished = FinishedWorkers()
        #expect(finished.keep(end(1), now: 0).isEmpty)
        #expect(finished.untakenKeys == [AttemptKey(taskId: 1)])
        #expect(finished.take(AttemptKey(taskId: 1)) == end(1))
        #expect(finished.untakenKeys.isEmpty && finished.contains(AttemptKey(taskId: 1)))
        #expect(finished.take(AttemptKey(taskId: 1)) == end(1))
        #expect(finished.take(AttemptKey(taskId: 2)) == nil)
    }

    @Test func tooManyPushTheOldestOut() {
        var finished = FinishedWorkers(limits: .init(count: 2))
        _ = finished.keep(end(1), now: 1)
        _ = finished.keep(end(2), now: 2)
        #expect(finished.keep(end(3), now: 3) == [.init(key: AttemptKey(taskId: 1), limit: "count")])
        #expect(Set(finished.untakenKeys) == keys(2, 3))
    }

    @Test func tooManyBytesPushTheOldestOut() {
        var finished = FinishedWorkers(limits: .init(bytes: 100))
        #expect(finished.keep(end(1, bytes: 60), now: 1).isEmpty)
        #expect(finished.keep(end(2, bytes: 30), now: 2).isEmpty)
        #expect(finished.keep(end(3, bytes: 60), now: 3) == [.init(key: AttemptKey(taskId: 1), limit: "bytes")])
        // What was taken no longer counts.
        _ = finished.take(AttemptKey(taskId: 3))
        #expect(finished.keep(end(4, bytes: 70), now: 4).isEmpty)
        #expect(Set(finished.untakenKeys) == keys(2, 4))
    }

    @Test func theOldAreDroppedInTime() {
        var finished = FinishedWorkers(limits: .init(age: 10))
        _ = finished.keep(end(1), now: 0)
        _ = finished.keep(end(2), now: 5)
        #expect(finished.dropOld(now: 10).isEmpty)
        #expect(finished.dropOld(now: 11) == [.init(key: AttemptKey(taskId: 1), limit: "age")])
        #expect(finished.untakenKeys == [AttemptKey(taskId: 2)])
        #expect(finished.dropOld(now: 16).map(\.key) == [AttemptKey(taskId: 2)])
        #expect(finished.untakenKeys.isEmpty)
    }

    @Test func outputsForPeopleGoBeforeWholeEnds() {
        var finished = FinishedWorkers(limits: .init(bytes: 100))
        var first = end(1, bytes: 50)
        first.result = [1, 2, 3]
        first.errors = CapturedBytes(head: [9, 9])
        #expect(finished.keep(first, mayLoseOutput: true, now: 1).isEmpty)
        #expect(finished.keep(end(2, bytes: 40), now: 2).isEmpty)
        #expect(finished.keep(end(3, bytes: 50), mayLoseOutput: true, now: 3).isEmpty)
        let shortened = finished.take(AttemptKey(taskId: 1))
        #expect(shortened?.result == [1, 2, 3] && shortened?.status == .exited(0))
        #expect(shortened?.output == CapturedBytes(dropped: 50) && shortened?.errors == CapturedBytes(dropped: 2))
        #expect(finished.take(AttemptKey(taskId: 2))?.output.head.count == 40)
        #expect(finished.take(AttemptKey(taskId: 3))?.output.head.count == 50)
    }

    @Test func thousandsOfEndsAreKeptAndTakenInAnyOrder() {
        var finished = FinishedWorkers(limits: .init(count: 5000))
        for task in Int64(1)...7000 {
            let dropped = finished.keep(end(task), now: task)
            #expect(dropped.map(\.key.taskId) == (task > 5000 ? [task - 5000] : []))
        }
        for task in stride(from: Int64(7000), to: 2000, by: -1) {
            #expect(finished.take(AttemptKey(taskId: task)) == end(task))
        }
        #expect(finished.untakenKeys.isEmpty && finished.take(AttemptKey(taskId: 1)) == nil)
        #expect(finished.keep(end(8000), now: 8000).isEmpty && finished.untakenKeys.count == 1)
    }

    // MARK: To the disk

    private func surplus(_ finished: inout FinishedWorkers, now: Int64) -> [Int64] {
        var tasks: [Int64] = []
        while let next = finished.surplus(now: now) { tasks.append(next.end.key.taskId) }
        return tasks
    }

    @Test func theOldestLeaveUntilTheRestIsSmall() {
        var finished = FinishedWorkers(limits: .init(bytes: 100, stayingBytes: 50))
        for task in Int64(1)...4 {
            #expect(finished.keep(end(task, bytes: 20), now: task).isEmpty)
        }
        #expect(finished.surplus(now: 5) == .init(end: end(1, bytes: 20), at: 1))
        #expect(surplus(&finished, now: 5) == [2])
        // Until they are there they can be taken, and count as not taken.
        #expect(Set(finished.untakenKeys) == keys(1, 2, 3, 4))
        #expect(finished.take(AttemptKey(taskId: 1)) == end(1, bytes: 20))
        #expect(!finished.left(AttemptKey(taskId: 1)) && finished.left(AttemptKey(taskId: 2)))
        #expect(finished.take(AttemptKey(taskId: 2)) == nil)
        #expect(Set(finished.untakenKeys) == keys(3, 4))
        #expect(surplus(&finished, now: 6) == [])
    }

    @Test func manyEndsLeaveHoweverSmallTheyAre() {
        var finished = FinishedWorkers(limits: .init(stayingCount: 2))
        for task in Int64(1)...5 { _ = finished.keep(end(task), now: task) }
        #expect(surplus(&finished, now: 5) == [1, 2, 3])
    }

    @Test func whatIsOnItsWayPushesNothingOutUntilItIsVeryMuch() {
        var finished = FinishedWorkers(limits: .init(bytes: 100, stayingBytes: 40, burst: 300))
        for task in Int64(1)...7 {
            #expect(finished.keep(end(task, bytes: 40), now: task).isEmpty)
            #expect(surplus(&finished, now: task) == (task == 1 ? [] : [task - 1]))
        }
        #expect(finished.keep(end(8, bytes: 40), now: 8).map(\.key.taskId) == [1])
        let isThere = finished.left(AttemptKey(taskId: 1))
        #expect(!isThere)
    }

    @Test func aDiskThatTakesNothingIsLeftAloneForAWhile() {
        var finished = FinishedWorkers(limits: .init(bytes: 100, stayingBytes: 50, rest: 10))
        for task in Int64(1)...3 { _ = finished.keep(end(task, bytes: 30), now: task) }
        #expect(surplus(&finished, now: 5) == [1, 2])
        #expect(finished.stays(AttemptKey(taskId: 1), now: 6).isEmpty)
        #expect(finished.stays(AttemptKey(taskId: 2), now: 6).isEmpty)
        #expect(surplus(&finished, now: 15) == [])
        // Memory takes what it took before there was a disk, and no more.
        #expect(finished.keep(end(4, bytes: 30), now: 15).map(\.key.taskId) == [1])
        #expect(surplus(&finished, now: 16) == [2, 3])
        #expect(finished.left(AttemptKey(taskId: 2)) && finished.left(AttemptKey(taskId: 3)))
        #expect(finished.untakenKeys == [AttemptKey(taskId: 4)])
    }
}
