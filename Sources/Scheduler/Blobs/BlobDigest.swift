import Crypto
package import ElvesCore

/// SHA-256 of a file's content: what the file is known by.
package struct BlobDigest: Sendable, Hashable, CustomStringConvertible {
    // No SIMD type: those are aligned to more than the memory of tasks is, and break it when they wait in one.
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Nil unless there are 32 bytes.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        self.init(first: bytes)
    }

    private init(first bytes: some Sequence<UInt8>) {
        var words: [UInt64] = [0, 0, 0, 0]
        for (place, byte) in bytes.enumerated() { words[place / 8] = words[place / 8] << 8 | UInt64(byte) }
        self.words = (words[0], words[1], words[2], words[3])
    }

    /// The same, with an error that says what is wrong.
    package init(checking bytes: [UInt8]) throws(ElvesError) {
        guard let digest = BlobDigest(bytes) else {
            throw ElvesError(
                .schedulerRequestInvalid, "a digest of \(bytes.count) bytes; SHA-256 has 32")
        }
        self = digest
    }

    init(_ digest: SHA256.Digest) {
        self.init(first: digest)
    }

    /// 32 bytes.
    package var bytes: [UInt8] {
        [words.0, words.1, words.2, words.3].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
        }
    }

    package static func == (left: BlobDigest, right: BlobDigest) -> Bool { left.words == right.words }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
    }

    /// 64 hex digits.
    package var description: String { Hex.encode(bytes) }
}

/// A file's content at the center.
package struct StoredBlob: Sendable, Hashable {
    package let digest: BlobDigest
    /// Bytes.
    package let size: Int64
}
