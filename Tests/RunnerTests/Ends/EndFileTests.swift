import Glibc
import Testing

@testable import Runner

@Suite struct EndFileTests {
    private static func end(_ status: WorkerStatus) -> WorkerEnd {
        var end = WorkerEnd(key: AttemptKey(taskId: 0x1234, attempt: 3), status: status)
        end.timedOut = true
        end.output = CapturedBytes(head: Array("begin".utf8), tail: Array("end".utf8), dropped: 1 << 40)
        end.errors = CapturedBytes(head: [0, 255, 10])
        end.result = Array(#"{"a":1}"#.utf8)
        end.cost = .milliseconds(1234)
        end.spawnCost = .microseconds(77)
        end.survivors = 2
        end.outputBytes = 1 << 40 + 8
        end.errorBytes = 3
        end.copiedBytes = 5
        return end
    }

    private func bytes(_ file: EndFile) throws -> [UInt8] { try #require(ProcFile.read(file.path)) }

    private func overwrite(_ file: EndFile, _ bytes: some Collection<UInt8>) {
        let descriptor = open(file.path, O_WRONLY | O_TRUNC)
        let bytes = Array(bytes)
        #expect(write(descriptor, bytes, bytes.count) == bytes.count)
        close(descriptor)
    }

    @Test(arguments: [WorkerStatus.exited(3), .signaled(9), .stuck, .notStarted("no such file")])
    func holdsAWholeEnd(status: WorkerStatus) throws {
        let folder = try Folder()
        let end = Self.end(status)
        let file = EndFile(end.key, in: folder.path)
        let size = try file.write(end)
        var about = stat()
        #expect(stat(file.path, &about) == 0 && about.st_size == size && about.st_mode & 0o777 == 0o600)
        #expect(try file.read(end.key) == end)
        file.remove()
        #expect(throws: EndFile.Failure.self) { try file.read(end.key) }
    }

    @Test func damageIsSeenAtEveryByte() throws {
        let folder = try Folder()
        let end = Self.end(.exited(0))
        let file = EndFile(end.key, in: folder.path)
        _ = try file.write(end)
        let whole = try bytes(file)
        for place in whole.indices {
            var wrong = whole
            wrong[place] ^= 0x10
            overwrite(file, wrong)
            let error = #expect(throws: EndFile.Failure.self) { try file.read(end.key) }
            #expect(error?.text.contains("is damaged") == true)
            overwrite(file, whole[..<place])
            #expect(throws: EndFile.Failure.self) { try file.read(end.key) }
        }
        overwrite(file, whole)
        #expect(try file.read(end.key) == end)
        let error = #expect(throws: EndFile.Failure.self) { try file.read(AttemptKey(taskId: 1)) }
        #expect(error?.text.contains("no end of attempt") == true)
    }

    @Test func saysWhyItCannotBeMadeAndFollowsNoLink() throws {
        let folder = try Folder()
        let end = Self.end(.exited(0))
        let error = #expect(throws: EndFile.Failure.self) { try EndFile(end.key, in: "/no/such/folder").write(end) }
        #expect(error?.text.contains("No such file or directory") == true)
        let file = EndFile(end.key, in: folder.path)
        symlink(folder.path + "/run/victim", file.path)
        #expect(throws: EndFile.Failure.self) { try file.write(end) }
        #expect(access(folder.path + "/run/victim", F_OK) != 0)
    }
}
