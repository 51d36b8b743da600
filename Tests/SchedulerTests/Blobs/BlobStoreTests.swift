import AgentLinks
import Crypto
import ElvesCore
import Foundation
import TestSupport
import Testing

@testable import Scheduler

@Suite struct BlobStoreTests {
    private let scratch: Scratch
    private let time = TestTime()

    init() throws { scratch = try Scratch() }

    private func open(_ configure: (inout BlobOptions) -> Void = { _ in }) throws -> BlobStore {
        var options = BlobOptions()
        configure(&options)
        return try BlobStore(folder: scratch.folder, options: options, time: time.keeper, logger: .silent)
    }

    private func uploads() throws -> [String] { try scratch.names("uploads") }

    // MARK: Uploads

    @Test(arguments: [Int64(-1), 0, 2_500])
    func anUploadIsWholeWhenItEnds(_ announced: Int64) async throws {
        var random = SeededRandom(1)
        let store = try open()
        let bytes = random.bytes(2_500)
        let upload = try await store.begin(size: announced) { [] }
        for start in stride(from: 0, to: bytes.count, by: 1_000) {
            try await store.append(Array(bytes[start...].prefix(1_000)), at: Int64(start), to: upload)
        }
        let blob = try await store.finish(upload)
        #expect(blob == StoredBlob(digest: .of(bytes), size: 2_500))
        #expect(try uploads().isEmpty)
        for store in [store, try open()] {
            #expect(try store.blob(blob.digest) == blob)
            #expect(try await store.read(blob.digest, from: 0, count: 1 << 20) == bytes)
            #expect(try await store.read(blob.digest, from: 2_400, count: 1_000) == Array(bytes[2_400...]))
            #expect(try await store.read(blob.digest, from: 2_500, count: 1).isEmpty)
        }
    }

    @Test func sameContentIsOneFile() async throws {
        let store = try open()
        let first = try await store.add([1, 2, 3])
        let second = try await store.add([1, 2, 3])
        #expect(first == second)
        #expect(store.figures["blobs"] == 1 && store.figures["blobs_bytes"] == 3)
        #expect(try scratch.names(String(first.digest.description.prefix(2))).count == 1)
        #expect(try uploads().isEmpty)
    }

    @Test func anEmptyFileIsOne() async throws {
        let store = try open()
        let blob = try await store.add([])
        #expect(blob.size == 0)
        #expect(try await store.read(blob.digest, from: 0, count: 10).isEmpty)
    }

    @Test func bytesThatComeTwiceAddNothingAndGapsAreRefused() async throws {
        let store = try open()
        let upload = try await store.begin(size: 4) { [] }
        try await store.append([1, 2], at: 0, to: upload)
        try await store.append([1, 2], at: 0, to: upload)
        try await store.append([2, 3], at: 1, to: upload)
        let gap = await #expect(throws: ElvesError.self) { try await store.append([9], at: 9, to: upload) }
        #expect(gap?.code == .schedulerBlobUpload)
        let unknown = try await store.begin(size: -1) { [] }
        let error = await #expect(throws: ElvesError.self) { try await store.append([9], at: 9, to: unknown) }
        #expect(error?.message.contains("byte 0") == true)
    }

    @Test func moreOrLessThanWasAnnouncedIsRefused() async throws {
        let store = try open()
        let more = try await store.begin(size: 2) { [] }
        await #expect(throws: ElvesError.self) { try await store.append([1, 2, 3], at: 0, to: more) }
        let less = try await store.begin(size: 2) { [] }
        try await store.append([1], at: 0, to: less)
        let error = await #expect(throws: ElvesError.self) { try await store.finish(less) }
        #expect(error?.code == .schedulerBlobUpload)
        try await eventually("nothing is left") { try uploads().isEmpty }
        #expect(store.figures["blobs"] == 0 && store.figures["blob_uploads"] == 0)
    }

    @Test func aFileOverTheLimitIsRefusedBeforeItComes() async throws {
        let store = try open()
        let error = await #expect(throws: ElvesError.self) { try await store.begin(size: (64 << 20) + 1) { [] } }
        #expect(error?.code == .schedulerBlobTooLong)
        // One whose size nobody knew.
        let upload = try await store.begin(size: -1) { [] }
        let piece = [UInt8](repeating: 0, count: 1 << 20)
        for place in Int64(0)..<64 { try await store.append(piece, at: place << 20, to: upload) }
        let late = await #expect(throws: ElvesError.self) { try await store.append([1], at: 64 << 20, to: upload) }
        #expect(late?.code == .schedulerBlobTooLong)
        for offset in [-1, Int64.min, .max] {
            let other = try await store.begin(size: -1) { [] }
            await #expect(throws: ElvesError.self) { try await store.append([1], at: offset, to: other) }
        }
    }

    @Test func anEndedUploadIsUnknown() async throws {
        let store = try open()
        let upload = try await store.begin(size: 1) { [] }
        try await store.append([1], at: 0, to: upload)
        _ = try await store.finish(upload)
        store.abort(upload)
        let error = await #expect(throws: ElvesError.self) { try await store.append([1], at: 0, to: upload) }
        #expect(error?.code == .schedulerBlobUpload)
        await #expect(throws: ElvesError.self) { try await store.finish(upload) }
        #expect(store.figures["blobs"] == 1)
    }

    @Test func abandonedUploadsAreRemoved() async throws {
        let store = try open { $0.uploads = 2 }
        let first = try await store.begin(size: 10) { [] }
        _ = try await store.begin(size: 10) { [] }
        let error = await #expect(throws: ElvesError.self) { try await store.begin(size: 10) { [] } }
        #expect(error?.code == .elvesOverloaded)
        time.advance(ms: 300_000)
        try await store.append([1], at: 0, to: first)
        time.advance(ms: 400_000)
        await store.maintain { [] }
        #expect(store.figures["blob_uploads"] == 1)
        try await eventually("one is left") { try uploads().count == 1 }
        // A new life begins without any.
        #expect(try open().figures["blob_uploads"] == 0)
        #expect(try uploads().isEmpty)
    }

    @Test func uploadsTogetherKeepToTheLimit() async throws {
        let store = try open { $0.bytes = 100 }
        _ = try await store.begin(size: 60) { [] }
        let error = await #expect(throws: ElvesError.self) { try await store.begin(size: 60) { [] } }
        #expect(error?.code == .schedulerBlobFull && error?.isRetryable == true)
        _ = try await store.begin(size: 40) { [] }
    }

    // MARK: Retention

    @Test func filesGoSomeTimeAfterTheirLastUse() async throws {
        let store = try open()
        let used = try await store.add([1])
        let unused = try await store.add([2])
        let named = try await store.add([3])
        time.advance(ms: 5 * 86_400_000)
        _ = try store.blob(used.digest)
        await store.maintain { [] }
        time.advance(ms: 3 * 86_400_000)
        // Uses survive a restart.
        let next = try open()
        await next.maintain { [named.digest] }
        #expect(try next.blob(used.digest) == used)
        #expect(try next.blob(named.digest) == named)
        let error = #expect(throws: ElvesError.self) { try next.blob(unused.digest) }
        #expect(error?.code == .schedulerBlobUnknown)
        #expect(try scratch.names(String(unused.digest.description.prefix(2))).isEmpty)
    }

    @Test func theLeastRecentlyUsedGoForRoomButNeverWhatIsNamed() async throws {
        let store = try open { $0.bytes = 300 }
        var blobs: [StoredBlob] = []
        for number in UInt8(1)...3 {
            blobs.append(try await store.add(.init(repeating: number, count: 100)))
            time.advance(ms: 1_000)
        }
        // Too young to go: a call that names them may be on its way.
        let young = await #expect(throws: ElvesError.self) { try await store.begin(size: 100) { [] } }
        #expect(young?.code == .schedulerBlobFull)
        time.advance(ms: 700_000)
        _ = try store.blob(blobs[0].digest)
        time.advance(ms: 700_000)
        let named = blobs[1].digest
        _ = try await store.begin(size: 100) { [named] }
        #expect(throws: Never.self) { try store.blob(blobs[0].digest) }
        #expect(throws: Never.self) { try store.blob(blobs[1].digest) }
        #expect(throws: ElvesError.self) { try store.blob(blobs[2].digest) }
    }

    @Test func returnedFilesLiveAsLongAsRecords() async throws {
        let store = try open()
        let file = TaskFile.test("out.txt", [5, 6])
        #expect(try await store.put(file, of: .test(1), at: 0, [5, 6]) { [] } == 2)
        let uploaded = try await store.add([7])
        // One that was uploaded and comes back from a worker.
        let both = try await store.add([8])
        _ = try await store.put(.test("b", [8]), of: .test(1), at: 0, [8]) { [] }
        time.advance(ms: 8 * 86_400_000)
        let next = try open()
        await next.maintain { [] }
        #expect(throws: Never.self) { try next.blob(.of([5, 6])) }
        #expect(throws: Never.self) { try next.blob(both.digest) }
        #expect(throws: ElvesError.self) { try next.blob(uploaded.digest) }
        // They were looked at just now.
        time.advance(ms: 15 * 86_400_000)
        await next.maintain { [] }
        #expect(next.figures["blobs"] == 0)
    }

    // MARK: Calls with files

    @Test func filesOfACallMustBeThere() async throws {
        let store = try open()
        _ = try await store.add([1, 2, 3])
        try store.require([.test("a", [1, 2, 3]), .test("b", [1, 2, 3])])
        let missing = #expect(throws: ElvesError.self) { try store.require([.test("a", [9])]) }
        #expect(missing?.code == .schedulerBlobUnknown && missing?.details["file"] == "a")
        var wrong = TaskFile.test("a", [1, 2, 3])
        wrong.size = 4
        let size = #expect(throws: ElvesError.self) { try store.require([wrong]) }
        #expect(size?.code == .schedulerRequestInvalid)
    }

    @Test(arguments: [
        "", ".", "..", "a/b", "/etc/passwd", "a\u{0}", "a\nb", "\u{7F}", String(repeating: "n", count: 256),
    ])
    func aNameMustBeAName(_ name: String) {
        let error = #expect(throws: ElvesError.self) { try FileRules.check([.test(name, [])]) }
        #expect(error?.code == .schedulerRequestInvalid)
    }

    @Test func filesKeepToTheirLimits() throws {
        try FileRules.check((1...32).map { .test("f\($0)", []) })
        #expect(throws: ElvesError.self) { try FileRules.check((1...33).map { .test("f\($0)", []) }) }
        #expect(throws: ElvesError.self) { try FileRules.check([.test("a", []), .test("a", [])]) }
        for change: @Sendable (inout TaskFile) -> Void in [
            { $0.size = -1 }, { $0.size = .max }, { $0.digest = [1] }, { $0.mode = 0o4755 }, { $0.mode = -1 },
        ] {
            var file = TaskFile.test("a", [])
            change(&file)
            #expect(throws: ElvesError.self) { try FileRules.check([file]) }
        }
        var half = TaskFile.test("a", [])
        half.size = 33 << 20
        var other = half
        other.name = "b"
        let error = #expect(throws: ElvesError.self) { try FileRules.check([half, other]) }
        #expect(error?.code == .schedulerBlobTooLong)
    }

    @Test func whatCannotBeReadIsRefused() async throws {
        let store = try open()
        let blob = try await store.add([1, 2, 3])
        for (offset, count) in [(-1, 1), (4, 1), (0, 0), (0, -1), (0, (1 << 20) + 1), (Int64.max, 1)] as [(Int64, Int)]
        {
            let error = await #expect(throws: ElvesError.self) {
                try await store.read(blob.digest, from: offset, count: count)
            }
            #expect(error?.code == .schedulerRequestInvalid)
        }
        // A file that somebody deleted.
        let name = blob.digest.description
        try FileManager.default.removeItem(atPath: "\(scratch.folder)/\(name.prefix(2))/\(name)")
        let gone = await #expect(throws: ElvesError.self) { try await store.read(blob.digest, from: 0, count: 1) }
        #expect(gone?.code == .schedulerBlobUnknown)
        #expect(throws: ElvesError.self) { try store.require([.test("a", [1, 2, 3])]) }
    }
}

@Suite struct ReturnedFileTests {
    private let scratch: Scratch
    private let time = TestTime()

    init() throws { scratch = try Scratch() }

    private func open(_ configure: (inout BlobOptions) -> Void = { _ in }) throws -> BlobStore {
        var options = BlobOptions()
        configure(&options)
        return try BlobStore(folder: scratch.folder, options: options, time: time.keeper, logger: .silent)
    }

    /// Pieces get lost, come twice, out of order, and two at once; connections and the scheduler end in between.
    @Test(arguments: Seeds.few) func aFileArrivesWhole(seed: UInt64) async throws {
        var random = SeededRandom(seed)
        var store = try open()
        let bytes = random.bytes(Int.random(in: 1...3_000, using: &random))
        let file = TaskFile.test("f", bytes)
        var have: Int64 = 0
        while have < file.size {
            if Int.random(in: 0..<30, using: &random) == 0 { store = try open() }
            let offset = Bool.random(using: &random) ? have : Int64.random(in: 0...file.size, using: &random)
            let piece = Array(bytes[Int(offset)...].prefix(Int.random(in: 0...400, using: &random)))
            have = try await store.put(file, of: .test(1), at: offset, piece) { [] }
            #expect(have <= file.size, "seed \(seed)")
        }
        #expect(try await store.read(.of(bytes), from: 0, count: 1 << 20) == bytes, "seed \(seed)")
        #expect(try await store.put(file, of: .test(1), at: 0, bytes) { [] } == file.size, "seed \(seed)")
        #expect(store.figures["blob_uploads"] == 0, "seed \(seed)")
        try await eventually("nothing is left") { try scratch.names("uploads").isEmpty }
    }

    @Test func anotherContentThanAnnouncedIsRefused() async throws {
        let store = try open()
        var file = TaskFile.test("f", [1, 2, 3])
        let error = await #expect(throws: ElvesError.self) {
            try await store.put(file, of: .test(1), at: 0, [1, 2, 9]) { [] }
        }
        #expect(error?.code == .schedulerBlobDigest && error?.isRetryable == true)
        #expect(store.figures["blobs"] == 0 && store.figures["blob_uploads"] == 0)
        // It may try again, and with another content under the name.
        #expect(try await store.put(file, of: .test(1), at: 0, [1, 2]) { [] } == 2)
        file = .test("f", [7, 7])
        #expect(try await store.put(file, of: .test(1), at: 0, [7, 7]) { [] } == 2)
        #expect(throws: Never.self) { try store.blob(.of([7, 7])) }
    }

    @Test func anAttemptReturnsNoMoreThanTheLimit() async throws {
        let store = try open()
        for number in 1...32 { _ = try await store.put(.test("f\(number)", []), of: .test(1), at: 0, []) { [] } }
        let error = await #expect(throws: ElvesError.self) {
            try await store.put(.test("f33", []), of: .test(1), at: 0, []) { [] }
        }
        #expect(error?.code == .schedulerRequestInvalid)
        var large = TaskFile.test("a", [1])
        large.size = 40 << 20
        _ = try await store.put(large, of: .test(2), at: 0, []) { [] }
        large.name = "b"
        let bytes = await #expect(throws: ElvesError.self) {
            try await store.put(large, of: .test(2), at: 0, []) { [] }
        }
        #expect(bytes?.code == .schedulerBlobTooLong)
    }

    @Test func piecesKeepToTheFile() async throws {
        let store = try open()
        let file = TaskFile.test("f", [1, 2, 3])
        for (offset, piece) in [(-1, [1]), (3, [1]), (.max, [1]), (0, [1, 2, 3, 4])] as [(Int64, [UInt8])] {
            let error = await #expect(throws: ElvesError.self) {
                try await store.put(file, of: .test(1), at: offset, piece) { [] }
            }
            #expect(error?.code == .schedulerRequestInvalid)
        }
    }

    @Test func whatIsLeftHalfDoneGoes() async throws {
        let store = try open { $0.bytes = 10 }
        let file = TaskFile.test("f", [1, 2, 3, 4, 5, 6])
        #expect(try await store.put(file, of: .test(1), at: 0, [1, 2]) { [] } == 2)
        // Its room is held.
        let full = await #expect(throws: ElvesError.self) { try await store.begin(size: 6) { [] } }
        #expect(full?.code == .schedulerBlobFull)
        store.dropReturning { key, _ in key == .test(1) }
        _ = try await store.begin(size: 6) { [] }
        try await eventually("its file is removed") { try scratch.names("uploads").count == 1 }
    }
}

@Suite(.enabled(if: SmallDisk.isPermitted, "mounting a small tmpfs needs root"))
struct BlobFullDiskTests {
    @Test func aFullDiskLeavesNothingHalfDone() async throws {
        let disk = try SmallDisk(mebibytes: 2)
        let store = try BlobStore(folder: disk.path + "/blobs", logger: .silent)
        let kept = try await store.add([1, 2, 3])
        let piece = [UInt8](repeating: 1, count: 1 << 20)
        let upload = try await store.begin(size: 8 << 20) { [] }
        let error = await #expect(throws: ElvesError.self) {
            for place in Int64(0)..<8 { try await store.append(piece, at: place << 20, to: upload) }
        }
        #expect(error?.code == .schedulerBlobFull && error?.isRetryable == true)
        try await eventually("its part is removed") {
            try FileManager.default.contentsOfDirectory(atPath: disk.path + "/blobs/uploads").isEmpty
        }
        let file = TaskFile(name: "f", digest: kept.digest.bytes.reversed(), size: 4 << 20)
        let returned = await #expect(throws: ElvesError.self) {
            for place in Int64(0)..<16 {
                _ = try await store.put(file, of: .test(1), at: place << 18, Array(piece.prefix(1 << 18))) { [] }
            }
        }
        #expect(returned?.code == .schedulerBlobFull)
        try await eventually("its part is removed") {
            try FileManager.default.contentsOfDirectory(atPath: disk.path + "/blobs/uploads").isEmpty
        }
        #expect(try await store.read(kept.digest, from: 0, count: 10) == [1, 2, 3])
        #expect(try await store.add([4]).size == 1)
    }
}

extension BlobDigest {
    static func of(_ bytes: [UInt8]) -> BlobDigest { BlobDigest(SHA256.hash(data: bytes)) }
}

extension TaskFile {
    static func test(_ name: String, _ content: [UInt8]) -> TaskFile {
        TaskFile(name: name, digest: BlobDigest.of(content).bytes, size: Int64(content.count))
    }
}

extension BlobStore {
    /// Uploads in one go.
    func add(_ bytes: [UInt8]) async throws -> StoredBlob {
        let upload = try await begin(size: Int64(bytes.count)) { [] }
        if !bytes.isEmpty { try await append(bytes, at: 0, to: upload) }
        return try await finish(upload)
    }
}
