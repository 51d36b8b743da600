import AppPackage
import Crypto
import ElvesCore
import Foundation
import TestSupport
import Testing

@Suite struct PackageReaderTests {
    private func read(
        _ zip: RawZip, filename: String = "hello.zip", limits: PackageLimits = PackageLimits(),
        into store: any BlobStore = HashingBlobStore()
    ) throws -> CheckedPackage {
        let scratch = try Scratch()
        let path = try scratch.write("upload", zip.bytes())
        defer { #expect(scratch.everything() == ["upload"], "nothing may be written beside the upload") }
        return try PackageReader(limits: limits).read(zipAt: path, filename: filename, into: store)
    }

    private func refusal(
        _ zip: RawZip, filename: String = "hello.zip", limits: PackageLimits = PackageLimits(),
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> ErrorCode? {
        #expect(throws: ElvesError.self, sourceLocation: sourceLocation) {
            try read(zip, filename: filename, limits: limits)
        }?.code
    }

    @Test func aGoodPackageBecomesATree() throws {
        var zip = RawZip.valid
        zip.add("bin/run", "#!/bin/sh\n", mode: 0o100750)
        zip.add("bin/", "", mode: 0o040755)
        zip.add("./notes.txt", "n", mode: nil)
        let store = MemoryBlobStore()
        let package = try read(zip, into: store)
        #expect(package.manifest.name == "hello" && package.manifest.version == "1.0.0")
        #expect(
            package.tree.files.map(\.path) == ["app.yaml", "bin/run", "lib/data.txt", "notes.txt", "worker.py"])
        #expect(package.tree.files.map(\.mode) == [0o644, 0o755, 0o644, 0o644, 0o644])
        let worker = try #require(package.tree.file("worker.py"))
        #expect(store.content[worker.digest] == Array("print('hi')\n".utf8))
        #expect(worker.digest == Array(SHA256.hash(data: Array("print('hi')\n".utf8))))
        #expect(store.content.count == 5)
    }

    @Test func theTreesDigestCoversTheDocumentedListing() {
        let empty = Array(SHA256.hash(data: [UInt8]()))
        let tree = PackageTree([
            .init(path: "b", mode: 0o755, size: 0, digest: empty),
            .init(path: "a/ü", mode: 0o644, size: 0, digest: empty),
        ])
        let hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        let listing = "elves-tree-1\n0644 0 \(hex) a/ü\n0755 0 \(hex) b\n"
        #expect(tree.listing == Array(listing.utf8))
        #expect(tree.digest == Array(SHA256.hash(data: Array(listing.utf8))))
    }

    @Test(arguments: [
        ("../evil", ErrorCode.packagePathEscape), ("lib/../../evil", .packagePathEscape), ("..", .packagePathEscape),
        ("/etc/passwd", .packagePathAbsolute), ("//x", .packagePathAbsolute), ("C:evil", .packagePathAbsolute),
        ("a\\..\\b", .packagePathEscape), ("a\nb", .packagePathInvalid), ("a\u{1b}[31m", .packagePathInvalid),
        ("a//b", .packagePathInvalid), ("a/./b", .packagePathInvalid), ("worker.py/x", .packagePathClash),
        ("WORKER.py", .packageCaseClash), ("LIB/other", .packageCaseClash), ("worker.py", .packagePathRepeated),
        (String(repeating: "n", count: 256), .packagePathTooLong),
        (String(repeating: "d/", count: 40) + "x", .packagePathTooLong),
        (String(repeating: "abcdefgh/", count: 120) + "x", .packagePathTooLong),
    ])
    func aPathThatCouldDoHarmIsRefused(_ path: String, _ code: ErrorCode) {
        var zip = RawZip.valid
        zip.add(path)
        #expect(refusal(zip) == code)
    }

    @Test func namesOfOneMeaningInUnicodeClash() {
        var zip = RawZip.valid
        zip.add("caf\u{e9}")
        zip.add("cafe\u{301}")
        // libarchive may already have composed the second name.
        let code = refusal(zip)
        #expect(code == .packageCaseClash || code == .packagePathRepeated)
    }

    @Test func aNameThatIsNotUTF8IsRefused() {
        var zip = RawZip.valid
        zip.entries.append(.init(name: [0x66, 0xFF, 0xFE], content: [1], mode: 0o100644))
        let code = refusal(zip)
        #expect(code == .packagePathInvalid || code == .packageDamaged)
    }

    @Test(arguments: [UInt32(0o120777), 0o060644, 0o020644, 0o140644])
    func linksAndDevicesAreRefused(_ mode: UInt32) {
        var zip = RawZip.valid
        zip.add("odd", "worker.py", mode: mode)
        #expect(refusal(zip) == (mode == 0o120777 ? .packageLinkUnsupported : .packageSpecial))
    }

    @Test(arguments: ["../../etc/passwd", "/etc/passwd", ".", "worker.py"])
    func aLinkIsRefusedWhereverItLeads(_ target: String) {
        var zip = RawZip.valid
        zip.add("odd", target, mode: 0o120777)
        #expect(refusal(zip) == .packageLinkUnsupported)
        zip.add("odd/x", "through the link")
        #expect(refusal(zip) != nil)
    }

    @Test func encryptionIsRefused() {
        var zip = RawZip.valid
        zip.entries[1].encrypted = true
        #expect(refusal(zip) == .packageEncrypted)
    }

    @Test func bombsAreStoppedBeforeTheyAreUnpacked() {
        var limits = PackageLimits()
        limits.fileBytes = 1_000
        #expect(refusal(.valid, limits: limits) == .packageBomb)
        limits = PackageLimits()
        limits.totalBytes = 2_000
        #expect(refusal(.valid, limits: limits) == .packageBomb)
        limits = PackageLimits()
        limits.entries = 2
        #expect(refusal(.valid, limits: limits) == .packageTooManyFiles)
        limits = PackageLimits()
        limits.zipBytes = 100
        #expect(refusal(.valid, limits: limits) == .packageTooLong)
        limits = PackageLimits()
        limits.manifestBytes = 20
        #expect(refusal(.valid, limits: limits) == .packageManifestTooLong)
    }

    @Test func aRealBombIsStoppedByItsRatio() throws {
        let scratch = try Scratch()
        let folder = scratch.path("app")
        try scratch.write("app/app.yaml", Array(RawZip.hello.utf8))
        try scratch.write("app/worker.py", Array("x".utf8))
        try scratch.write("app/zeros", [UInt8](repeating: 0, count: 40 << 20))
        _ = try AppFolder(folder).writeZip(to: scratch.path("bomb.zip"))
        let error = #expect(throws: ElvesError.self) {
            try PackageReader().read(zipAt: scratch.path("bomb.zip"), filename: "b.zip", into: HashingBlobStore())
        }
        #expect(error?.code == .packageBomb)
        #expect(error?.message.contains("200 times") == true)
    }

    @Test func aLieAboutTheSizeIsRefused() {
        var zip = RawZip.valid
        zip.entries[2].claimedSize = 1 << 31
        #expect(refusal(zip) == .packageBomb)
        zip.entries[2].claimedSize = 3
        #expect(refusal(zip) == .packageDamaged)
    }

    @Test func whatIsNoZipIsToldSo() throws {
        for content in [Array("hello".utf8), [], Array("PK".utf8)] {
            let scratch = try Scratch()
            let path = try scratch.write("upload", content)
            let error = #expect(throws: ElvesError.self) {
                try PackageReader().read(zipAt: path, filename: "a.zip", into: HashingBlobStore())
            }
            #expect(error?.code == .packageNotZip)
        }
        #expect(refusal(RawZip()) == .packageEmpty)
    }

    @Test func everyTruncationIsRefused() throws {
        let scratch = try Scratch()
        let whole = RawZip.valid.bytes()
        for count in stride(from: 0, to: whole.count, by: 7) {
            let path = try scratch.write("upload", whole.prefix(count))
            #expect(throws: ElvesError.self) {
                try PackageReader().read(zipAt: path, filename: "a.zip", into: HashingBlobStore())
            }
        }
    }

    @Test func flippedBitsNeverCrashAndNeverWriteOutside() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        let scratch = try Scratch()
        let whole = RawZip.valid.bytes()
        var refused = 0
        for _ in 0..<2_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: bytes.indices, using: &random)
                bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            }
            let path = try scratch.write("upload", bytes)
            do {
                _ = try PackageReader().read(zipAt: path, filename: "a.zip", into: HashingBlobStore())
            } catch {
                #expect(error is ElvesError, "seed \(seed): \(error)")
                refused += 1
            }
        }
        #expect(refused > 500, "seed \(seed)")
        #expect(scratch.everything() == ["upload"], "seed \(seed)")
    }

    @Test func anElves2ZipIsKnownByItsName() throws {
        var zip = RawZip()
        zip.add("app-worker.py", "print(1)")
        let package = try read(zip, filename: "disk_tools_1.0.3.zip")
        #expect(package.manifest == AppManifest(name: "disk_tools", version: "1.0.3", workerProtocol: .elves2))
        #expect(refusal(zip, filename: "disk.zip") == .packageManifestMissing)
        #expect(refusal(zip, filename: "_1.0.zip") == .packageName)
        #expect(refusal(zip, filename: "disk_.zip") == .packageVersion)
    }

    @Test func aZippedFolderGetsAHint() {
        var zip = RawZip()
        zip.add("hello/app.yaml", RawZip.hello)
        let error = #expect(throws: ElvesError.self) { try read(zip) }
        #expect(error?.code == .packageManifestMissing)
        #expect(error?.hint.contains("hello/app.yaml") == true)
    }

    @Test func anEntryMustBeInThePackage() {
        var zip = RawZip()
        zip.add("app.yaml", RawZip.hello)
        zip.add("worker.pi", "")
        let error = #expect(throws: ElvesError.self) { try read(zip) }
        #expect(error?.code == .packageEntryMissing)
        #expect(error?.message.contains("app.yaml:3") == true)
        #expect(error?.message.contains("did you mean \"worker.pi\"?") == true)
    }
}
