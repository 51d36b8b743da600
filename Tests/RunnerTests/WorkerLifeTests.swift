import Runner
import Testing

@Suite struct WorkerLifeTests {
    private let second: Int64 = 1_000_000_000

    @Test func endsAtOnceWhenNothingIsLeft() {
        var life = WorkerLife(startedAt: 0, timeout: nil, grace: second)
        #expect(life.advance(now: 1, leaderEnded: false, isEmpty: { true }) == .wait(until: nil))
        #expect(life.advance(now: 2, leaderEnded: true, isEmpty: { true }) == .finish)
        #expect(!life.timedOut && !life.killed && !life.leftSomething)
    }

    @Test func timesOutByTermThenKill() {
        var life = WorkerLife(startedAt: 100, timeout: 10, grace: second)
        #expect(life.advance(now: 109, leaderEnded: false, isEmpty: { true }) == .wait(until: 110))
        #expect(life.advance(now: 110, leaderEnded: false, isEmpty: { true }) == .terminate)
        #expect(life.timedOut)
        #expect(life.advance(now: 111, leaderEnded: false, isEmpty: { true }) == .wait(until: 110 + second))
        guard case .kill = life.advance(now: 110 + second, leaderEnded: false, isEmpty: { true }) else {
            Issue.record("no KILL after the grace time")
            return
        }
        #expect(life.advance(now: 111 + second, leaderEnded: true, isEmpty: { true }) == .finish)
    }

    @Test func givesUpOnWhatOutlivesKill() {
        var life = WorkerLife(startedAt: 0, timeout: nil, grace: 0)
        life.kill()
        #expect(life.advance(now: 0, leaderEnded: false, isEmpty: { true }) == .terminate)
        var now: Int64 = 0
        var kills = 0
        while kills < 10_000, case .kill(let again) = life.advance(now: now, leaderEnded: true, isEmpty: { false }) {
            kills += 1
            now = again
        }
        #expect(kills > 100 && now <= 3 * second)
    }

    @Test func leftoversGetAShortGrace() {
        var life = WorkerLife(startedAt: 0, timeout: 5 * second, grace: 60 * second)
        #expect(life.advance(now: 1, leaderEnded: true, isEmpty: { false }) == .terminate)
        #expect(life.leftSomething && !life.timedOut)
        guard case .kill = life.advance(now: 1 + second, leaderEnded: true, isEmpty: { false }) else {
            Issue.record("leftovers were not killed after a second")
            return
        }
    }

    @Test func aHugeTimeoutDoesNotOverflow() {
        var life = WorkerLife(startedAt: 100, timeout: .max, grace: second)
        #expect(life.advance(now: 1000, leaderEnded: false, isEmpty: { true }) == .wait(until: .max))
    }
}
