import ElvesContracts
import ElvesCore
import Glibc
import Testing

@testable import Agent

@Suite struct CopyFileTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// Everything that there is from a place on, in pieces of at most `limit`.
    private func rest(_ file: CopyFile, _ place: inout CopyPlace, limit: Int, ended: Bool) -> [CopyFile.Run] {
        var runs: [CopyFile.Run] = []
        while let run = file.next(from: &place, limit: limit)
            ?? (ended ? CopyFile.heldBack(at: &place, limit: limit) : nil)
        {
            runs.append(run)
        }
        return runs
    }

    /// The sequence of both outputs, a stream and a byte each.
    private func sequence(_ runs: [CopyFile.Run]) -> [UInt16] {
        runs.flatMap { run in run.bytes.map { UInt16(run.stream.rawValue) << 8 | UInt16($0) } }
    }

    private func randomCopy(_ dice: inout Dice, valid: Bool) throws -> PlayedCopy {
        var copy = try PlayedCopy(folder)
        let letters = ["a", "é", "€", "😀", "\n"]
        var texts: [OutputStream: [UInt8]] = [:]
        for stream in [OutputStream.stdout, .stderr] {
            let count = dice.below(600)
            texts[stream] =
                valid ? (0..<count).flatMap { _ in Array(letters[dice.below(5)].utf8) } : dice.bytes(count)
        }
        while texts.values.contains(where: { !$0.isEmpty }) {
            let stream: OutputStream = dice.chance(50) ? .stdout : .stderr
            let piece = Array(texts[stream]?.prefix(dice.below(40)) ?? [])
            texts[stream]?.removeFirst(piece.count)
            try copy.write(stream, piece)
        }
        return copy
    }

    @Test(arguments: 1...40) func theOrderIsTheSameHoweverItIsRead(seed: Int) throws {
        var dice = Dice(UInt64(seed))
        let isValid = seed % 2 == 0
        let copy = try randomCopy(&dice, valid: isValid)
        let file = try #require(CopyFile(copy.path))
        var place = CopyPlace()
        let whole = sequence(rest(file, &place, limit: 1 << 20, ended: true))
        for stream in [OutputStream.stdout, .stderr] {
            let bytes = whole.filter { $0 >> 8 == UInt16(stream.rawValue) }.map { UInt8($0 & 0xFF) }
            #expect(bytes == copy.written[stream], "seed \(seed)")
        }
        // The file as it grows, byte by byte at random, read with random room.
        let growing = folder.path + "/growing"
        let out = try OpenFile(growing, O_WRONLY | O_CREAT | O_TRUNC)
        let reader = try #require(CopyFile(growing))
        place = CopyPlace()
        var runs: [CopyFile.Run] = []
        var left = copy.file[...]
        while !left.isEmpty {
            let piece = left.prefix(1 + dice.below(30))
            left = left.dropFirst(piece.count)
            try out.write(Array(piece))
            runs += rest(reader, &place, limit: 4 + dice.below(40), ended: false)
        }
        runs += rest(reader, &place, limit: 4 + dice.below(40), ended: true)
        #expect(sequence(runs) == whole, "seed \(seed)")
        #expect(place.before == copy.counts)
        if isValid { #expect(runs.allSatisfy { String(validating: $0.bytes, as: UTF8.self) != nil }, "seed \(seed)") }
    }

    @Test(arguments: 1...6) func everyOffsetHasItsPlace(seed: Int) throws {
        var dice = Dice(UInt64(seed))
        let copy = try randomCopy(&dice, valid: seed % 2 == 0)
        let file = try #require(CopyFile(copy.path))
        var start = CopyPlace()
        let whole = sequence(rest(file, &start, limit: 1 << 20, ended: true))
        for offset in 0...whole.count {
            var place = file.place(of: Int64(offset), from: CopyPlace())
            #expect(place.offset == Int64(offset), "seed \(seed)")
            let suffix = sequence(rest(file, &place, limit: 1 << 20, ended: true))
            #expect(suffix == Array(whole[offset...]), "seed \(seed) offset \(offset)")
        }
        #expect(file.place(of: .max, from: CopyPlace()).offset == Int64(whole.count))
    }

    @Test func aTornFrameIsWaitedFor() throws {
        let path = folder.path + "/torn"
        let out = try OpenFile(path, O_WRONLY | O_CREAT)
        let frame = PlayedCopy.frame(.stdout, Array("hello".utf8))
        try out.write(Array(frame[..<3]))
        let file = try #require(CopyFile(path))
        var place = CopyPlace()
        #expect(file.next(from: &place, limit: 100) == nil)
        try out.write(Array(frame[3..<8]))
        #expect(file.next(from: &place, limit: 100)?.bytes == Array("hel".utf8))
        try out.write(Array(frame[8...]))
        #expect(file.next(from: &place, limit: 100)?.bytes == Array("lo".utf8))
    }

    @Test func nothingIsReadBeyondDamage() throws {
        var copy = try PlayedCopy(folder)
        try copy.write(.stdout, "good")
        try OpenFile(copy.path, O_WRONLY | O_APPEND).append([7, 0, 0, 0, 1, 1])
        let file = try #require(CopyFile(copy.path))
        var place = CopyPlace()
        #expect(file.next(from: &place, limit: 100)?.bytes == Array("good".utf8))
        #expect(file.next(from: &place, limit: 100) == nil && file.finish == nil)
    }

    @Test func theEndIsTheAgentsOwnFrame() throws {
        var copy = try PlayedCopy(folder)
        try copy.write(.stderr, "oh")
        let file = try #require(CopyFile(copy.path))
        #expect(file.finish == nil)
        try CopyFile.close(copy.path, wrote: OutputCounts(stdout: -1, stderr: 1 << 40))
        #expect(file.finish == OutputCounts(stdout: -1, stderr: 1 << 40))
        var place = CopyPlace()
        #expect(file.next(from: &place, limit: 100)?.bytes == Array("oh".utf8))
        #expect(file.next(from: &place, limit: 100) == nil)
    }

    @Test func noFileIsNoCopy() { #expect(CopyFile(folder.path + "/none") == nil) }
}
