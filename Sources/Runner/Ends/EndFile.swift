internal import ElvesContracts
internal import Glibc
internal import Thrift

/// The file of one end: a checksum (CRC-32C, 4 bytes, big-endian), then the end as the runner would send it, in the
/// compact protocol. Everything blocks.
///
/// Nothing is synced: after a power loss nobody asks for the ends of the runner that ran then.
struct EndFile {
    /// Why a file could not be written or read, in words.
    struct Failure: Error, Hashable {
        var text: String
    }

    private static let headBytes = 4
    let path: String

    init(_ key: AttemptKey, in folder: String) { path = "\(folder)/\(key.marker)" }

    /// Makes the file, all of it or nothing; answers with its size.
    func write(_ end: WorkerEnd) throws(Failure) -> Int {
        var writer = ThriftWriter(.compact)
        Exit(end).write(to: &writer)
        let payload = writer.bytes()
        var bytes = withUnsafeBytes(of: CRC32C.of(payload).bigEndian) { Array($0) }
        bytes += payload
        // A link that lies there is not followed.
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.failure("make", path) }
        defer { close(file) }
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress.map { $0 + done }, $0.count - done) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let failure = Self.failure("write", path)
                unlink(path)
                throw failure
            }
            done += count
        }
        return bytes.count
    }

    /// Reads the end of an attempt back.
    func read(_ key: AttemptKey) throws(Failure) -> WorkerEnd {
        guard let bytes = ProcFile.read(path, limit: 1 << 28) else { throw Self.failure("read", path) }
        let payload = Array(bytes.dropFirst(Self.headBytes))
        let checksum = bytes.prefix(Self.headBytes).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard bytes.count > Self.headBytes, CRC32C.of(payload) == checksum else {
            throw Failure(text: "\(path) is damaged: \(bytes.count) bytes with a wrong checksum")
        }
        let exit = try? ThriftReader.reading(payload, as: .compact) { reader throws(ThriftError) in
            try Exit(from: &reader)
        }
        guard let exit, exit.taskId == key.taskId, exit.attempt == key.attempt else {
            throw Failure(text: "\(path) is no end of attempt \(key.marker)")
        }
        return WorkerEnd(exit)
    }

    func remove() { unlink(path) }

    /// Makes the folder, only for this user.
    static func prepare(_ folder: String) throws(Failure) {
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw failure("make the folder", folder) }
    }

    /// Removes what a runner before this one left.
    static func clear(_ folder: String) {
        guard let open = opendir(folder) else { return }
        defer { closedir(open) }
        while let entry = readdir(open) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { unlink(folder + "/" + name) }
        }
    }

    private static func failure(_ what: String, _ path: String) -> Failure {
        Failure(text: "cannot \(what) \(path): \(String(cString: strerror(errno)))")
    }
}
