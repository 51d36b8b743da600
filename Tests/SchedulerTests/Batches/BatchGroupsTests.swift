import ElvesContracts
import ElvesCore
import TestSupport
import Testing
import Thrift
import ThriftInProcess

@testable import Scheduler

@Suite struct BatchGroupsTests {
    private func ended(_ id: Int64, _ state: ElvesCore.TaskState = .succeeded, _ change: (inout TaskOutcome) -> Void)
        -> Execution
    {
        var record = Execution(
            id: .test(id), call: FunctionCall(app: "a", function: "f"),
            target: TaskTarget(id: .test(id), ip: "10.0.0.1", name: "web-\(id)"), state: state, createdAt: 1)
        change(&record.outcome)
        return record
    }

    @Test func whatEndedAlikeIsTogether() {
        var groups = BatchGroups()
        for id: Int64 in 1...5 { groups.add(ended(id) { $0.stdout = KeptOutput(head: "up 3 days\n") }) }
        groups.add(ended(6) { $0.stdout = KeptOutput(head: "up 9 days\n") })
        groups.add(ended(7, .failed) { $0.stdout = KeptOutput(head: "up 3 days\n") })
        for id: Int64 in 8...9 {
            groups.add(
                ended(id, .failed) { outcome in
                    outcome.message = "exit status 3"
                    outcome.exitCode = 3
                    outcome.code = "agent.worker.exit"
                })
        }
        groups.add(
            ended(10) { outcome in
                outcome.result = "[1]"
                outcome.message = "ignored"
            })
        let found = groups.largest(100)
        #expect(found.map(\.tasks.count) == [5, 2, 1, 1, 1])
        #expect(found[0].text == "up 3 days\n" && found[0].tasks.map(\.target.name) == (1...5).map { "web-\($0)" })
        #expect(found[1].text == "exit status 3" && found[1].exitCode == 3 && found[1].state == .failed)
        #expect(found[4].text == "[1]")
    }

    @Test func theMiddleThatIsMissingCounts() {
        var groups = BatchGroups()
        groups.add(ended(1) { $0.stdout = KeptOutput(head: "a", tail: "z", dropped: 5) })
        groups.add(ended(2) { $0.stdout = KeptOutput(head: "a", tail: "z", dropped: 6) })
        groups.add(ended(3) { $0.stdout = KeptOutput(head: "a", tail: "z", dropped: 5) })
        #expect(groups.largest(10).map(\.tasks.count) == [2, 1])
        #expect(groups.largest(10)[0].text == "a\n[5 bytes]\nz")
    }

    @Test func whatFitsInNoGroupIsInOne() {
        var groups = BatchGroups()
        for id: Int64 in 1...3_000 { groups.add(ended(id) { $0.message = "answer \(id)" }) }
        for id: Int64 in 3_001...3_002 { groups.add(ended(id) { $0.message = "answer 7" }) }
        let all = groups.largest(1_000)
        #expect(all.count == 1_001 && all[0].tasks.count == 3)
        #expect(all[1_000].tasks.count == 2_000 && all[1_000].code == "other" && all[1_000].state == .succeeded)
        groups.add(ended(4_000, .failed) { $0.message = "else" })
        let two = groups.largest(2)
        #expect(two.map(\.tasks.count) == [3, 1, 2_999] && two[2].state == nil)
    }

    @Test func aSampleIsShortAndWhole() {
        var groups = BatchGroups()
        groups.add(ended(1) { $0.message = "x" + String(repeating: "é", count: 10_000) })
        let text = groups.largest(1)[0].text
        #expect(text.utf8.count == 4_095 && text.hasSuffix("é"))
    }

    @Test func aLargeAnswerNamesTargetsByTheirIdsAlone() {
        let tasks = (Int64(1)...100).map { number in
            PlannedTask(
                id: .test(number),
                target: TaskTarget(id: number == 100 ? nil : .test(number), ip: "10.0.0.1", name: "web-\(number)"))
        }
        let group = OutcomeGroup(state: .failed, exitCode: 1, code: "c", text: "t", tasks: tasks)
        let roomy = OutputGroup.list([group], bytes: 1 << 20)
        #expect(roomy[0].targets.allSatisfy { !$0.name.isEmpty })
        let tight = OutputGroup.list([group], bytes: 100 * 48 + 257 + 100)
        #expect(tight[0].targets.count == 100 && tight[0].taskIds.count == 100)
        #expect(tight[0].targets[0].name == "web-1" && tight[0].targets[98].name.isEmpty)
        #expect(tight[0].targets[99].name == "web-100", "without an id the name is all there is")
    }

    @Test(arguments: [false, true]) func areReadFromMemoryAndStore(written: Bool) async throws {
        let service = try await SchedulerService.serving { if !written { $0.writeInterval = .seconds(600) } }
        for agent: Int64 in 1...31 {
            _ = try await service.connect(
                FakeTaskLink(agent) { attempt, ended in
                    let good = TaskReport.success(attempt, "says \(agent % 3)")
                    ended(.reported(agent == 31 ? .failure(attempt.name) : good))
                })
        }
        let client = SchedulerServiceClient(
            InProcessCaller(
                ThriftRouter([SchedulerServiceProcessor(SchedulerHandler(service))]),
                as: PeerIdentity(role: "openapi", instance: "o-1")))
        try await service.whileRunning { () async throws in
            let id = try await service.createBatch(.test(1...31)).id
            #expect(try await service.batch(id, waitMs: 5_000).endedAt > 0)
            if written { try await eventually("all is written") { service.batches[id] == nil } }
            let groups = try await client.batchGroups(id: id.rawValue, limit: 10)
            #expect(groups.map(\.targets.count) == [10, 10, 10, 1])
            #expect(groups[3].code == "agent.worker.exit")
            #expect(Set(groups[0].targets.map(\.name)).count == 10)
            let fault = await #expect(throws: Fault.self) { try await client.batchGroups(id: id.rawValue, limit: 0) }
            #expect(fault?.code == "scheduler.request.invalid")
        }
    }
}
