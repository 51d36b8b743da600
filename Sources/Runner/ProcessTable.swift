internal import CElvesProcess
internal import Glibc

/// The machine's processes at one moment, and which of them belong together.
package struct ProcessTable {
    private struct Entry {
        var parent: Int32 = 0
        var group: Int32 = 0
        var session: Int32 = 0
        /// Clock ticks from the machine's start to its own.
        var startedAt: UInt64 = 0
        var isZombie = false
    }

    /// In a process's flags: it is the kernel's (PF_KTHREAD of linux/sched.h).
    private static let kernelThread: UInt64 = 0x20_0000

    private var entries: [Int32: Entry] = [:]
    private var markers: [Int32: String] = [:]

    /// Reads every process but the kernel's own.
    ///
    /// Milliseconds on a busy machine: never for a worker that ends as it should.
    package init() {
        for pid in ProcFile.pids() { entries[pid] = Self.entry(pid) }
    }

    /// Living processes of a worker: its session and group, their descendants, and whoever carries its mark or marker.
    ///
    /// `leader` is a zombie or alive, so its number is nobody else's; 0 looks for the marks alone. What was there
    /// before the leader is not looked at.
    package mutating func family(leader: Int32, key: AttemptKey, known: [Int32] = []) -> [Int32] {
        let first = leader > 0 ? entries[leader]?.startedAt ?? 0 : 0
        let (mark, marker) = (key.mark, key.marker)
        var family = Set(known)
        var rest: [Int32: Int32] = [:]
        for (pid, entry) in entries where entry.startedAt >= first && !family.contains(pid) {
            let isOfLeader = leader > 0 && (pid == leader || entry.session == leader || entry.group == leader)
            if isOfLeader || elves_tree_mark(pid) == mark || self.marker(of: pid) == marker {
                family.insert(pid)
            } else {
                rest[pid] = entry.parent
            }
        }
        while true {
            let children = rest.filter { family.contains($0.value) }.keys
            if children.isEmpty { break }
            for child in children {
                family.insert(child)
                rest[child] = nil
            }
        }
        return family.filter { entries[$0].map { !$0.isZombie } ?? false }
    }

    /// Living children of a process.
    func children(of parent: Int32) -> [Int32] {
        entries.filter { $0.value.parent == parent }.map(\.key)
    }

    private mutating func marker(of pid: Int32) -> String? {
        if let known = markers[pid] { return known }
        let marker = Self.marker(of: pid) ?? ""
        markers[pid] = marker
        return marker
    }

    /// The `ELVES_TASK` that a process was started with; `nil` without one, or when it may not be read.
    static func marker(of pid: Int32) -> String? {
        let name = Array("ELVES_TASK=".utf8)
        guard let environment = ProcFile.read("/proc/\(pid)/environ", limit: 1 << 21) else { return nil }
        return environment.split(separator: 0).first { $0.starts(with: name) }
            .map { String(decoding: $0.dropFirst(name.count), as: UTF8.self) }
    }

    /// `pid (name) state parent group session …`, the ninth the flags and the 22nd the start (proc_pid_stat(5)); the
    /// name may hold spaces and brackets. `nil` for the kernel's own.
    private static func entry(_ pid: Int32) -> Entry? {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1024) { buffer in
            let file = open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { return nil }
            defer { close(file) }
            let count = read(file, buffer.baseAddress, buffer.count)
            guard count > 0 else { return nil }
            return entry(UnsafeBufferPointer(rebasing: buffer[..<count]))
        }
    }

    private static func entry(_ text: UnsafeBufferPointer<UInt8>) -> Entry? {
        var place = text.count - 1
        while place >= 0, text[place] != UInt8(ascii: ")") { place -= 1 }
        guard place >= 0, place + 2 < text.count else { return nil }
        place += 2
        var entry = Entry(isZombie: text[place] == UInt8(ascii: "Z") || text[place] == UInt8(ascii: "X"))
        // The state is the third.
        var field = 3
        var number: UInt64 = 0
        while place < text.count {
            let byte = text[place]
            place += 1
            if byte == UInt8(ascii: " ") {
                switch field {
                case 4: entry.parent = Int32(truncatingIfNeeded: number)
                case 5: entry.group = Int32(truncatingIfNeeded: number)
                case 6: entry.session = Int32(truncatingIfNeeded: number)
                case 9: if number & kernelThread != 0 { return nil }
                case 22:
                    entry.startedAt = number
                    return entry
                default: break
                }
                field += 1
                number = 0
            } else if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
                number = number &* 10 &+ UInt64(byte - UInt8(ascii: "0"))
            }
        }
        return nil
    }
}
