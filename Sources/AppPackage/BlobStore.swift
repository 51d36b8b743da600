internal import Crypto
internal import Synchronization

/// Where the content of files goes, by its SHA-256.
package protocol BlobStore: Sendable {
    /// Opens a new file, whose digest is known once all of it was written.
    func writer() throws -> any BlobWriter
}

/// One file on its way into a store; dropped without `finish`, it leaves nothing.
package protocol BlobWriter {
    /// Adds bytes.
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws
    /// Keeps the file and answers with its SHA-256, 32 bytes.
    mutating func finish() throws -> [UInt8]
}

/// Keeps nothing but the digests: for checks that store no file.
package struct HashingBlobStore: BlobStore {
    /// A store that forgets.
    package init() {}

    /// A writer that only hashes.
    package func writer() -> any BlobWriter { Writer() }

    private struct Writer: BlobWriter {
        private var hash = SHA256()
        mutating func write(_ bytes: UnsafeRawBufferPointer) { hash.update(bufferPointer: bytes) }
        mutating func finish() -> [UInt8] { Array(hash.finalize()) }
    }
}

/// Keeps files in memory, for tests and small packages.
package final class MemoryBlobStore: BlobStore {
    private let blobs = Mutex<[[UInt8]: [UInt8]]>([:])

    /// An empty store.
    package init() {}

    /// Everything by digest.
    package var content: [[UInt8]: [UInt8]] { blobs.withLock { $0 } }

    /// A writer into memory.
    package func writer() -> any BlobWriter { Writer(store: self) }

    private struct Writer: BlobWriter {
        let store: MemoryBlobStore
        private var bytes: [UInt8] = []
        init(store: MemoryBlobStore) { self.store = store }
        mutating func write(_ more: UnsafeRawBufferPointer) { bytes.append(contentsOf: more) }
        mutating func finish() -> [UInt8] {
            let digest = Array(SHA256.hash(data: bytes))
            store.blobs.withLock { $0[digest] = bytes }
            return digest
        }
    }
}
