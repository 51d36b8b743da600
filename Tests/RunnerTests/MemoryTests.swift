import Testing

@testable import Runner

@Suite struct MemoryRegionTests {
    /// A static program as the kernel shows it: headers, code (of a file just written), relocated constants, such in
    /// swap, some that nothing is said of, data, heap, and another file.
    private static let smaps = """
        00400000-00401000 r--p 00000000 08:01 77                                 /opt/elves agent
        Size:                  4 kB
        Rss:                   4 kB
        Private_Clean:         4 kB
        Private_Dirty:         0 kB
        Anonymous:             0 kB
        Swap:                  0 kB
        VmFlags: rd mr mw me dw sd
        00401000-00c01000 r-xp 00001000 08:01 77                                 /opt/elves agent
        Rss:                6144 kB
        Shared_Dirty:          0 kB
        Private_Dirty:        64 kB
        Anonymous:             0 kB
        Swap:                  0 kB
        00c01000-00c11000 r--p 00801000 08:01 77                                 /opt/elves agent
        Rss:                  64 kB
        Private_Dirty:        64 kB
        Anonymous:            64 kB
        Swap:                  0 kB
        00c11000-00c21000 r--p 00811000 08:01 77                                 /opt/elves agent
        Rss:                   0 kB
        Private_Dirty:         0 kB
        Anonymous:             0 kB
        Swap:                 64 kB
        00c16000-00c17000 r--p 00816000 08:01 77                                 /opt/elves agent
        Rss:                   4 kB
        Private_Dirty:         0 kB
        00c21000-00c31000 rw-p 00821000 08:01 77                                 /opt/elves agent
        Rss:                  64 kB
        Private_Dirty:         0 kB
        Anonymous:             0 kB
        Swap:                  0 kB
        00c31000-00d31000 rw-p 00000000 00:00 0                                  [heap]
        Rss:                1024 kB
        7f0000000000-7f0000100000 r-xp 00000000 08:01 99                         /lib/libc.so.6
        Rss:                 512 kB
        Private_Dirty:         0 kB
        Anonymous:             0 kB
        Swap:                  0 kB
        7f0000200000-7f0000201000 r--p 00000000 00:00 0
        """

    @Test func onlyCleanCodeAndConstantsOfTheProgramAreGivenBack() {
        let regions = MemoryRegion.read(Array(Self.smaps.utf8))
        #expect(regions.count == 9)
        let clean = regions.filter { $0.isClean(of: "/opt/elves agent") }
        #expect(clean.map(\.addresses) == [0x400000..<0x401000, 0x401000..<0xC01000])
        #expect(clean.map(\.resident) == [4 << 10, 6144 << 10])
        #expect(regions.filter { $0.isClean(of: "") || $0.isClean(of: "/opt/elves") }.isEmpty)
    }

    @Test func thisProcessGoesOnAfterwards() throws {
        let before = try #require(ProcFile.read("/proc/self/smaps", limit: 8 << 20))
        let writable = MemoryRegion.read(before).filter { $0.permissions.hasPrefix("rw") }
        #expect(!writable.isEmpty)
        #expect(ResidentMemory.handBack() > 0)
        #expect((1...1000).map { "\($0)" }.joined().count == 2893)
        #expect(ResidentMemory.of(1 << 30) == nil)
    }
}

@Suite struct HandBackRhythmTests {
    /// Times at which memory is handed back, for what was done at each second.
    private func times(until end: Int, work: (Int) -> Int64, isBusy: (Int) -> Bool = { _ in false }) -> [Int] {
        var rhythm = HandBackRhythm()
        return (0...end).filter { rhythm.isDue(at: Double($0), work: work($0), isBusy: isBusy($0)) }
    }

    @Test func onceAfterTheStartWhenNothingIsDone() {
        #expect(times(until: 1000, work: { _ in 0 }) == [5])
    }

    @Test func onceAfterWorkWhenItHasBeenQuiet() {
        #expect(times(until: 1000, work: { (100..<120).contains($0) ? Int64($0) : $0 < 100 ? 0 : 200 }) == [5, 125])
    }

    @Test func neverDuringATask() {
        #expect(times(until: 300, work: { _ in 1 }, isBusy: { (3..<200).contains($0) }) == [204])
    }

    @Test func atMostOnceAMinute() {
        #expect(times(until: 140, work: { Int64($0 / 10) }) == [5, 65, 125])
    }
}
