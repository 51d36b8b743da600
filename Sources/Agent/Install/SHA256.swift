internal import CSodium
internal import ElvesCore

/// SHA-256, by libsodium.
struct SHA256 {
    private var state = crypto_hash_sha256_state()

    init() {
        crypto_hash_sha256_init(&state)
    }

    mutating func update(_ bytes: [UInt8]) {
        crypto_hash_sha256_update(&state, bytes, UInt64(bytes.count))
    }

    consuming func digest() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_bytes()))
        crypto_hash_sha256_final(&state, &digest)
        return digest
    }

    static func digest(of bytes: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(bytes)
        return hash.digest()
    }

    /// The digest of a file's content.
    static func digest(ofFile path: String) throws(ElvesError) -> [UInt8] {
        let file = try OpenFile(path, 0)
        var hash = SHA256()
        while true {
            let piece = try file.read(limit: 1)
            if piece.isEmpty { return hash.digest() }
            hash.update(piece)
        }
    }
}
