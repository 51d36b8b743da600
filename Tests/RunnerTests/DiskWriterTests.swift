import Glibc
import Synchronization
import Testing

@testable import Runner

/// Where the thread comes from, and what happens without one.
@Suite struct DiskWriterTests {
    /// A machine that has no thread to give, the first few times.
    private final class Machine: Sendable {
        let refusals: Mutex<Int>
        /// Runs inside each refusal: as another thread would, just then.
        let meanwhile = Mutex<(@Sendable (DiskWriter) -> Void)?>(nil)

        init(refusing count: Int) { refusals = Mutex(count) }

        func spawn(_ writer: DiskWriter) -> Bool {
            let isRefused = refusals.withLock { left in
                left -= 1
                return left >= 0
            }
            if isRefused, let act = meanwhile.withLock({ $0.take() }) { act(writer) }
            return !isRefused && DiskWriter.thread(of: writer)
        }
    }

    @Test func withoutAThreadEveryJobIsDoneInItsTurn() {
        let machine = Machine(refusing: .max)
        let writer = DiskWriter(spawn: machine.spawn)
        let done = Mutex<[Int]>([])
        machine.meanwhile.withLock { act in
            act = { writer in
                #expect(writer.perform { done.withLock { $0.append(2) } }, "it waits for the one that is there")
            }
        }
        #expect(writer.perform { done.withLock { $0.append(1) } })
        #expect(done.withLock { $0 } == [1, 2])
        #expect(writer.perform { done.withLock { $0.append(3) } })
        #expect(done.withLock { $0 } == [1, 2, 3])
    }

    @Test func theNextJobTriesAgainForAThread() async {
        let machine = Machine(refusing: 2)
        let writer = DiskWriter(spawn: machine.spawn)
        for _ in 0..<2 {
            let here = pthread_self()
            let there = Mutex<pthread_t?>(nil)
            #expect(writer.perform { there.withLock { $0 = pthread_self() } })
            #expect(there.withLock { $0 } == here)
        }
        let (here, there) = await withCheckedContinuation { continuation in
            let here = pthread_self()
            #expect(writer.perform { continuation.resume(returning: (here, pthread_self())) })
        }
        #expect(here != there)
        writer.stop()
        #expect(!writer.perform {})
    }

    @Test func aCopyIsWholeWithoutAThread() throws {
        let folder = try Folder()
        let path = folder.path + "/copy.out"
        let writer = DiskWriter(spawn: Machine(refusing: .max).spawn)
        let copy = OutputCopy(OutputCopyOrder(path: path), kept: 0, startedAt: 0, writer: writer)
        let nothing = KeptOutput(limit: 0)
        for _ in 0..<3 {
            [UInt8](repeating: 7, count: 200).withUnsafeBytes {
                copy.take($0, of: .output, output: nothing, errors: nothing)
            }
        }
        #expect(copy.endNow() == 600)
    }
}
