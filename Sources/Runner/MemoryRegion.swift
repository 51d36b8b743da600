/// A part of a process's memory, as `/proc/PID/smaps` describes it. Sizes are bytes.
package struct MemoryRegion: Sendable, Hashable {
    package var addresses: Range<UInt64>
    /// Four letters, such as `r-xp`: read, write, execute, private.
    package var permissions: String
    /// The file that it shows; empty when there is none.
    package var path: String
    package var resident: Int64 = 0
    /// Pages that differ from the file, or were never in one; nil when the kernel does not say.
    package var anonymous: Int64?
    /// Such pages that lie in swap; nil when the kernel does not say.
    package var swapped: Int64?

    /// Whether all that it holds can be read from `program` again: code and constants that nothing has changed.
    ///
    /// Constants that were relocated at start (RELRO) are anonymous, or were and lie in swap: those must stay.
    /// `Private_Dirty` says less: it also counts pages of a file that was written a moment ago.
    package func isClean(of program: String) -> Bool {
        !path.isEmpty && path == program && (permissions == "r-xp" || permissions == "r--p")
            && anonymous == 0 && swapped == 0
    }

    /// Reads a whole `smaps`; what is not understood is left out.
    package static func read(_ smaps: [UInt8]) -> [MemoryRegion] {
        var regions: [MemoryRegion] = []
        for line in smaps.split(separator: UInt8(ascii: "\n")) {
            let words = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
            guard let first = words.first else { continue }
            if first.last == UInt8(ascii: ":") {
                guard !regions.isEmpty, words.count > 1 else { continue }
                regions[regions.count - 1].take(first, kilobytes: words[1])
            } else if let region = MemoryRegion(header: words) {
                regions.append(region)
            }
        }
        return regions
    }

    /// `from-to permissions offset device inode path`; the path may hold spaces.
    private init?(header words: [ArraySlice<UInt8>]) {
        guard words.count >= 5 else { return nil }
        let ends = words[0].split(separator: UInt8(ascii: "-"))
        guard ends.count == 2, let from = Self.address(ends[0]), let to = Self.address(ends[1]), from < to else {
            return nil
        }
        addresses = from..<to
        permissions = Self.text(words[1])
        path = words.count > 5 ? Self.text(words[5].drop { $0 == UInt8(ascii: " ") }) : ""
    }

    private mutating func take(_ key: ArraySlice<UInt8>, kilobytes: ArraySlice<UInt8>) {
        guard let bytes = Int64(Self.text(kilobytes)).map({ $0 << 10 }) else { return }
        switch Self.text(key) {
        case "Rss:": resident = bytes
        case "Anonymous:": anonymous = bytes
        case "Swap:": swapped = bytes
        default: break
        }
    }

    private static func address(_ digits: ArraySlice<UInt8>) -> UInt64? { UInt64(text(digits), radix: 16) }
    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
