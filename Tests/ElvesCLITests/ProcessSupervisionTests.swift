import ElvesCLI
import Testing

@Suite struct ProcessSupervisionTests {
    private func started(_ names: [String] = ["a", "b"]) -> ProcessSupervision {
        var supervision = ProcessSupervision(names)
        #expect(supervision.tick(at: .zero) == names.map { .launch($0) })
        for (index, name) in names.enumerated() {
            #expect(supervision.launched(name, pid: Int32(10 + index), at: .zero).isEmpty)
        }
        return supervision
    }

    @Test func startsEachOnce() {
        var supervision = started()
        #expect(supervision.tick(at: .seconds(1)).isEmpty)
        #expect(supervision.pid(of: "b") == 11)
    }

    @Test func restartsOnlyTheOneThatEndedAfterItsDelay() {
        var supervision = started()
        #expect(supervision.ended(10, .signal(9), at: .seconds(1)).isEmpty)
        #expect(supervision.pid(of: "a") == nil)
        #expect(supervision.tick(at: .milliseconds(1099)).isEmpty)
        #expect(supervision.tick(at: .milliseconds(1100)) == [.launch("a")])
        #expect(supervision.tick(at: .milliseconds(1200)).isEmpty)
    }

    @Test func waitsLongerEveryTimeUpToTheLimit() {
        var supervision = started(["a"])
        supervision.becameReady()
        var now = Duration.zero
        var delays: [Duration] = []
        for pid in Int32(10)..<20 {
            _ = supervision.ended(pid, .exit(1), at: now)
            let ended = now
            while supervision.tick(at: now).isEmpty { now += .milliseconds(50) }
            delays.append(now - ended)
            _ = supervision.launched("a", pid: pid + 1, at: now)
        }
        #expect(
            delays.prefix(6) == [
                .milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(800),
                .milliseconds(1600), .milliseconds(3200),
            ])
        #expect(delays.suffix(4).allSatisfy { $0 == .seconds(5) })
    }

    @Test func aSteadyProcessStartsAfreshWithItsDelays() {
        var supervision = started(["a"])
        supervision.becameReady()
        for pid in Int32(10)..<14 {
            _ = supervision.ended(pid, .exit(1), at: .zero)
            _ = supervision.tick(at: .seconds(5))
            _ = supervision.launched("a", pid: pid + 1, at: .zero)
        }
        _ = supervision.ended(14, .exit(1), at: .seconds(10))
        #expect(supervision.tick(at: .milliseconds(10_100)) == [.launch("a")])
    }

    @Test func givesUpWhatNeverComesUp() {
        var supervision = started()
        var now = Duration.zero
        for pid in Int32(100)..<104 {
            let old = supervision.pid(of: "a") ?? -1
            #expect(supervision.ended(old, .exit(78), at: now).isEmpty)
            now += .seconds(1)
            #expect(supervision.tick(at: now) == [.launch("a")])
            #expect(supervision.launched("a", pid: pid, at: now).isEmpty)
        }
        #expect(supervision.ended(103, .exit(78), at: now) == [.giveUp("a", .exit(78))])
        #expect(supervision.tick(at: now + .seconds(60)).isEmpty)
    }

    @Test func aLaunchThatFailsCountsAsAnEnd() {
        var supervision = ProcessSupervision(["a"])
        var actions = supervision.tick(at: .zero)
        var now = Duration.zero
        var launches = 0
        while actions == [.launch("a")] {
            launches += 1
            actions = supervision.failedToLaunch("a", reason: "no such file", at: now)
            now += .seconds(10)
            if actions.isEmpty { actions = supervision.tick(at: now) }
        }
        #expect(launches == 5)
        #expect(actions == [.giveUp("a", .neverStarted("no such file"))])
    }

    @Test func neverGivesUpOnceItWasReady() {
        var supervision = started(["a"])
        supervision.becameReady()
        for pid in Int32(10)..<60 {
            #expect(supervision.ended(pid, .exit(1), at: .zero).isEmpty)
            #expect(supervision.tick(at: .seconds(5)) == [.launch("a")])
            _ = supervision.launched("a", pid: pid + 1, at: .zero)
        }
    }

    @Test func stopsByTermThenKillAndStartsNothing() {
        var supervision = started()
        #expect(supervision.stop(at: .seconds(1)) == [.terminate(10), .terminate(11)])
        #expect(supervision.stop(at: .seconds(1)).isEmpty)
        #expect(supervision.ended(10, .exit(0), at: .seconds(2)).isEmpty)
        #expect(!supervision.isStopped)
        let killAt = .seconds(1) + StopTimes.process
        #expect(supervision.tick(at: killAt - .milliseconds(1)).isEmpty)
        #expect(supervision.tick(at: killAt) == [.kill(11)])
        #expect(supervision.tick(at: killAt + .seconds(1)).isEmpty)
        #expect(supervision.ended(11, .signal(9), at: killAt + .seconds(1)).isEmpty)
        #expect(supervision.isStopped)
    }

    @Test func theTimesOfAStopFitTheTenSecondsThatArePromised() {
        #expect(StopTimes.process + StopTimes.leftovers + .milliseconds(250) < StopTimes.all)
        #expect(StopTimes.all + .milliseconds(500) < .seconds(10))
    }

    @Test func aStopReachesWhatWaitsOrIsBeingLaunched() {
        var supervision = started()
        _ = supervision.ended(10, .exit(1), at: .seconds(1))
        _ = supervision.ended(11, .exit(1), at: .seconds(1))
        #expect(supervision.tick(at: .seconds(2)) == [.launch("a"), .launch("b")])
        #expect(supervision.stop(at: .seconds(2)).isEmpty)
        #expect(supervision.launched("a", pid: 20, at: .seconds(2)) == [.terminate(20)])
        #expect(supervision.failedToLaunch("b", reason: "", at: .seconds(2)).isEmpty)
        #expect(supervision.ended(20, .exit(0), at: .seconds(3)).isEmpty)
        #expect(supervision.isStopped)
    }

    @Test func strangersAreIgnored() {
        var supervision = started()
        #expect(supervision.ended(999, .exit(0), at: .seconds(1)).isEmpty)
        #expect(supervision.pid(of: "a") == 10)
    }
}
