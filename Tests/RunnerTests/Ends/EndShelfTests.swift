import Glibc
import Testing

@testable import Runner

@Suite struct EndShelfTests {
    private let folder: Folder
    private let disk = DiskWriter()
    private var place: EndPlace

    init() throws {
        folder = try Folder()
        place = EndPlace(folder: folder.path + "/run")
    }

    private func end(_ task: Int64, bytes: Int = 10) -> WorkerEnd {
        var end = WorkerEnd(key: AttemptKey(taskId: task), status: .exited(Int32(task)))
        end.output = CapturedBytes(head: [UInt8](repeating: UInt8(task), count: bytes))
        return end
    }

    private func put(_ end: WorkerEnd, on shelf: EndShelf, at: Int64 = 0) async -> Bool {
        await withCheckedContinuation { continuation in
            shelf.put(end, at: at) { continuation.resume(returning: $0) }
        }
    }

    private var files: Int {
        var count = 0
        guard let open = opendir(place.folder) else { return 0 }
        while readdir(open) != nil { count += 1 }
        closedir(open)
        return count - 2
    }

    @Test func whatIsPutIsTakenInAnyOrder() async throws {
        let shelf = EndShelf(place, disk: disk)
        for task in Int64(1)...20 { #expect(await put(end(task), on: shelf)) }
        #expect(shelf.untakenKeys.count == 20 && files == 20)
        for task in (Int64(1)...20).map({ $0 * 7 % 20 + 1 }) {
            #expect(await shelf.take(AttemptKey(taskId: task)) == end(task))
        }
        #expect(shelf.untakenKeys.isEmpty)
        // The answer may have been lost.
        #expect(await shelf.take(AttemptKey(taskId: 7)) == end(7))
        #expect(await shelf.take(AttemptKey(taskId: 21)) == nil)
        shelf.forget(AttemptKey(taskId: 7))
        #expect(await shelf.take(AttemptKey(taskId: 7)) == nil)
        #expect(try await eventually { files == 19 })
        disk.stop()
    }

    @Test func whatAnEarlierRunnerLeftIsRemoved() async throws {
        let earlier = EndShelf(place, disk: disk)
        #expect(await put(end(1), on: earlier) && files == 1)
        let shelf = EndShelf(place, disk: disk)
        #expect(files == 0 && shelf.untakenKeys.isEmpty)
        disk.stop()
    }

    @Test mutating func whatIsTooMuchGoesWithItsFile() async throws {
        place.bytes = 10_000
        let shelf = EndShelf(place, disk: disk)
        for task in Int64(1)...4 { #expect(await put(end(task), on: shelf)) }
        #expect(Set(shelf.untakenKeys.map(\.taskId)) == [3, 4])
        #expect(try await eventually { files == 2 })
        #expect(await shelf.take(AttemptKey(taskId: 1)) == nil)
        shelf.dropOld(now: place.age + 1)
        #expect(shelf.untakenKeys.isEmpty)
        #expect(try await eventually { files == 0 })
        disk.stop()
    }

    @Test mutating func aFolderThatCannotBeMadeTakesNothing() async {
        place.folder = "/no/such/folder"
        let shelf = EndShelf(place, disk: disk)
        #expect(await put(end(1), on: shelf) == false)
        #expect(!shelf.contains(AttemptKey(taskId: 1)))
        disk.stop()
        // Nor does a thread that has ended.
        #expect(await put(end(1), on: shelf) == false)
    }

    @Test func aDamagedFileIsNoEnd() async throws {
        let shelf = EndShelf(place, disk: disk)
        #expect(await put(end(1), on: shelf))
        truncate(place.folder + "/" + AttemptKey(taskId: 1).marker, 9)
        #expect(await shelf.take(AttemptKey(taskId: 1)) == nil)
        #expect(!shelf.contains(AttemptKey(taskId: 1)))
        disk.stop()
    }

    /// Forty ends of a mebibyte that nobody waits for, and a host that forgets none.
    @Test func aHostKeepsWhatMemoryShouldNot() async throws {
        let host = WorkerHost(ownsProcess: false, ends: place)
        let orders = (0..<40).map { number in
            WorkerOrder.shell("printf \(number + 10); head -c 1048576 /dev/zero")
        }
        for order in orders { try await host.start(order) }
        #expect(try await eventually { await host.running().allSatisfy { $0.pid == 0 } })
        #expect(try await eventually { files >= 30 })
        for (number, order) in orders.enumerated() {
            await #expect(throws: HostRefusal.alreadyStarted(order.key)) { try await host.start(order) }
            let end = try await host.end(of: order.key)
            #expect(end.status == .exited(0) && end.outputBytes == 1_048_578)
            #expect(end.output.head.prefix(2) == Array("\(number + 10)".utf8)[...])
        }
        #expect(await host.running().isEmpty)
        await host.shutDown()
    }
}
