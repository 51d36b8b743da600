import Crypto
package import ElvesCore

/// SHA-256 of a file's content: what the file is known by.
package struct BlobDigest: Sendable, Hashable, CustomStringConvertible {
    private let words: SIMD4<UInt64>

    /// Nil unless there are 32 bytes.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        var words = SIMD4<UInt64>()
        for (place, byte) in bytes.enumerated() { words[place / 8] = words[place / 8] << 8 | UInt64(byte) }
        self.words = words
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
        var words = SIMD4<UInt64>()
        for (place, byte) in digest.enumerated() { words[place / 8] = words[place / 8] << 8 | UInt64(byte) }
        self.words = words
    }

    /// 32 bytes.
    package var bytes: [UInt8] {
        (0..<32).map { UInt8(truncatingIfNeeded: words[$0 / 8] >> UInt64(56 - 8 * ($0 % 8))) }
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
