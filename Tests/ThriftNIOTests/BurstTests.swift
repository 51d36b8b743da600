import ElvesContracts
import NIOCore
import TestSupport
import Testing
import Thrift

@testable import ThriftNIO

/// Many messages in one turn of the loop.
@Suite struct BurstTests {
    private func table() -> CallTable { CallTable(allocator: ByteBufferAllocator()) }

    private func send(_ table: inout CallTable) -> CallTable.Decision {
        [0, 0, 0, 0, 1].withUnsafeBytes { table.send($0, limit: 1 << 20) }
    }

    @Test func aBurstIsSentInParts() {
        var table = table()
        var parts = 0
        for number in 1...20 {
            switch send(&table) {
            case .drain: #expect(number == 1)
            case .drainNow:
                parts += 1
                #expect((table.takeOutbox()?.readableBytes ?? 0) > 0)
                _ = send(&table)
            default: break
            }
        }
        #expect(parts == 2)
    }

    @Test func nothingIsSentInTheMiddleOfARead() {
        var table = table()
        table.gather()
        for _ in 1...100 {
            guard case .nothing = send(&table) else { Issue.record("a read was interrupted"); continue }
        }
        #expect(table.takeOutbox() != nil)
        if case .drain = send(&table) { return }
        Issue.record("the read is over")
    }

    @Test func aConnectionThatGoesInABurstEndsEveryCall() async throws {
        for round in 0..<20 {
            let pair = try await Pair()
            let ends = await withTaskGroup(of: Bool.self) { group in
                for number in 1...200 {
                    group.addTask(executorPreference: pair.connection.executor) {
                        if number == 40 + round * 5 { pair.connection.close() }
                        let answer = try? await pair.client.run(task: RunTask(taskId: Int64(number)))
                        return answer == nil || answer?.taskId == Int64(number)
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(ends.count == 200 && ends.allSatisfy { $0 })
            await pair.server.close()
        }
    }
}
