internal import ElvesCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Reads a file in pieces; a link at its path is refused.
final class FileSource {
    private let path: String
    private let descriptor: Int32

    init(_ path: String) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    deinit { close(descriptor) }

    /// At most 64 KiB, nil at the end.
    func next() throws -> [UInt8]? {
        var failed = false
        let chunk = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
            let got = read(descriptor, buffer.baseAddress, buffer.count)
            failed = got < 0
            count = max(0, got)
        }
        if failed { throw Self.failure(path) }
        return chunk.isEmpty ? nil : chunk
    }

    private static func failure(_ path: String) -> ElvesError {
        ElvesError(
            .packageDamaged, "cannot read \(path): \(String(cString: strerror(errno)))",
            hint: "check that the file is there and readable")
    }
}
