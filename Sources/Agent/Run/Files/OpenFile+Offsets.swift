internal import ElvesCore
internal import Glibc

extension OpenFile {
    /// Writes all of `bytes` at a place in the file.
    func write(_ bytes: [UInt8], at offset: Int64) throws(ElvesError) {
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                let rest = UnsafeRawBufferPointer(rebasing: buffer[start...])
                return pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset) + start)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Disk.error("write", "a file of a call") }
            start += count
        }
    }

    /// Reads `length` bytes from a place in the file; fewer only where it ends.
    func read(at offset: Int64, length: Int) throws(ElvesError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < length {
            let start = bytes.count
            let piece = [UInt8](unsafeUninitializedCapacity: length - start) { buffer, count in
                count = max(0, pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset) + start))
            }
            if piece.isEmpty { break }
            bytes += piece
        }
        return bytes
    }
}
