import ElvesContracts
import ElvesCore
import TestSupport
import Testing
import Thrift
import ThriftInProcess

@testable import Scheduler

@Suite struct BatchListTests {
    @Test(arguments: StoreKind.allCases) func listsNewestFirstAsTheyStandNow(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            let service = try await SchedulerService.serving(store)
            let answers = Answers()
            _ = try await service.connect(FakeTaskLink(1, answers.behaviour))
            let client = SchedulerServiceClient(
                InProcessCaller(
                    ThriftRouter([SchedulerServiceProcessor(SchedulerHandler(service))]),
                    as: PeerIdentity(role: "openapi", instance: "o-1")))
            try await service.whileRunning { () async throws in
                var ids: [Int64] = []
                for number in 0..<7 {
                    var order = BatchOrder.test([1, 2])
                    order.call.app = number % 2 == 0 ? "even" : "odd"
                    order.call.param = "[1]"
                    let id = try await service.createBatch(order).id
                    ids.insert(id.rawValue, at: 0)
                }
                var seen: [Int64] = []
                var page = BatchPage()
                repeat {
                    page = try await client.batches(app: "", before: page.nextBefore, limit: 3)
                    seen += page.batches.map(\.id)
                } while page.nextBefore > 0
                #expect(seen == ids)
                let odd = try await client.batches(app: "odd", before: 0, limit: 100)
                #expect(odd.batches.map(\.func) == ["greet", "greet", "greet"] && odd.nextBefore == 0)
                // What memory knows is newer than what the store has.
                let newest = try #require(ElvesID(rawValue: ids[0]))
                let stopped = try await service.stopBatch(newest, kill: false, reason: "enough")
                let listed = try await client.batches(app: "even", before: 0, limit: 1).batches[0]
                #expect(listed.stopReason == "stopped by request: enough" && listed.stopping == true)
                #expect(listed.states.values.reduce(0, +) == Int32(stopped.total))
                let fault = await #expect(throws: Fault.self) { try await client.batches(app: "", before: 0, limit: 0) }
                #expect(fault?.code == "scheduler.request.invalid")
                try await eventually("all have ended") {
                    while answers.count > 0 { answers.answerOne() }
                    return service.batches.all.allSatisfy { $0.record.endedAt > 0 }
                }
            }
        }
    }
}
