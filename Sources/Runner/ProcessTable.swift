/// The machine's processes at one moment, and which of them belong together.
package struct ProcessTable {
    private struct Entry {
        var parent: Int32
        var group: Int32
        var session: Int32
        var isZombie: Bool
    }

    private var entries: [Int32: Entry] = [:]
    private var markers: [Int32: String] = [:]

    /// Reads every process.
    ///
    /// Milliseconds on a busy machine: never for a worker that ends as it should.
    package init() {
        for pid in ProcFile.pids() {
            entries[pid] = Self.entry(pid)
        }
    }

    /// Living processes of a worker: its session and group, their descendants, and whoever carries its marker.
    ///
    /// `leader` is a zombie or alive, so its number is nobody else's; 0 looks for the marker alone.
    package mutating func family(leader: Int32, marker: String, known: [Int32] = []) -> [Int32] {
        var family = Set(known)
        for (pid, entry) in entries where leader > 0 {
            if pid == leader || entry.session == leader || entry.group == leader { family.insert(pid) }
        }
        for pid in entries.keys where !family.contains(pid) && self.marker(of: pid) == marker { family.insert(pid) }
        while true {
            let children = entries.filter { !family.contains($0.key) && family.contains($0.value.parent) }.keys
            if children.isEmpty { break }
            family.formUnion(children)
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

    /// `pid (name) state parent group session …`; the name may hold spaces and brackets.
    private static func entry(_ pid: Int32) -> Entry? {
        guard let bytes = ProcFile.read("/proc/\(pid)/stat", limit: 4096),
            let end = bytes.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = bytes[(end + 1)...].split(separator: 0x20, maxSplits: 5)
        guard fields.count > 3, let state = fields[0].first else { return nil }
        let numbers = fields[1...3].compactMap { Int32(String(decoding: $0, as: UTF8.self)) }
        guard numbers.count == 3 else { return nil }
        return Entry(
            parent: numbers[0], group: numbers[1], session: numbers[2],
            isZombie: state == UInt8(ascii: "Z") || state == UInt8(ascii: "X"))
    }
}
