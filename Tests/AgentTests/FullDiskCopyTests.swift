import ElvesCore
import Glibc
import Runner
import TestSupport
import Testing

@testable import Agent

@Suite(.enabled(if: SmallDisk.isPermitted, "mounting a small tmpfs needs root")) struct FullDiskCopyTests {
    @Test func aFullDiskEndsTheCopyAfterAWholeFrameAndNothingElse() async throws {
        let disk = try SmallDisk(mebibytes: 1)
        let path = disk.path + "/copy.out"
        let host = WorkerHost(ownsProcess: false)
        var order = WorkerOrder(
            key: AttemptKey(taskId: freshTask()), command: ["/bin/sh", "-c", "head -c 5000000 /dev/zero; exit 7"],
            environment: ["PATH": "/usr/bin:/bin"], timeout: .seconds(60))
        order.copy = OutputCopyOrder(path: path)
        let end = try await host.run(order)
        await host.shutDown()
        #expect(end.status == .exited(7) && end.outputBytes == 5_000_000)
        let copied = try #require(end.copiedBytes)
        #expect(copied > 500_000 && copied < 1 << 20)
        // Whole frames and nothing else.
        var rest = try Disk.read(path)[...]
        var total: Int64 = 0
        while !rest.isEmpty {
            let length = rest.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
            #expect(rest.first == 1 && rest.count >= 5 + length)
            total += Int64(length)
            rest = rest.dropFirst(5 + length)
        }
        #expect(total == copied)
    }
}
