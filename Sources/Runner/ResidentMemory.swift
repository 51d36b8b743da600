internal import CElvesProcess
internal import Glibc

/// What a process holds in memory, and giving back what it does not need just now.
package enum ResidentMemory {
    /// Bytes that are resident; nil when the process is not there.
    package static func of(_ pid: Int32) -> Int64? {
        guard let pages = ProcFile.read("/proc/\(pid)/statm", limit: 4096)?.split(separator: 0x20).dropFirst().first,
            let count = Int64(String(decoding: pages, as: UTF8.self))
        else { return nil }
        return count * Int64(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// Gives the pages of this program's code and constants back, and what the heap does not use.
    ///
    /// What is needed again is read from the page cache, or the file. Returns the bytes of code that were resident.
    @discardableResult package static func handBack() -> Int64 {
        var bytes: Int64 = 0
        if let program = program, let smaps = ProcFile.read("/proc/self/smaps", limit: 8 << 20) {
            for region in MemoryRegion.read(smaps) where region.isClean(of: program) {
                guard elves_drop_pages(region.addresses.lowerBound, region.addresses.upperBound) == 0 else { continue }
                bytes += region.resident
            }
        }
        elves_trim_heap()
        return bytes
    }

    /// Lets all threads share one heap: each further one keeps pages of its own. Before the first thread.
    package static func shareHeap() { elves_share_heap() }

    /// The running program's file, by the name that its mappings have, also when it was replaced since.
    private static var program: String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
            guard let start = buffer.baseAddress else { return nil }
            let count = readlink("/proc/self/exe", start, buffer.count)
            guard count > 0 else { return nil }
            return String(decoding: buffer[..<count].lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }
}
