internal import ElvesCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Looks at the end of a zip file, where its directory is described, before anything is allocated for it.
enum ZipDirectory {
    private static let endRecordSize = 22
    /// libarchive looks for the record no further from the end.
    private static let searched: Int64 = 16 << 10
    /// Bytes of the directory for one entry at most: its header, a path and room for extra fields.
    private static let bytesPerEntry: Int64 = 46 + 1_024 + 256

    static func check(_ path: String, limits: PackageLimits) throws {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            throw ElvesError(.packageDamaged, "cannot open \(path): \(String(cString: strerror(errno)))")
        }
        defer { close(file) }
        let size = Int64(lseek(file, 0, SEEK_END))
        guard size <= limits.zipBytes else {
            throw ElvesError(
                .packageTooLong, "the zip file has \(size) bytes, more than \(limits.zipBytes)")
        }
        let start = read(file, at: 0, count: 4)
        guard start == [0x50, 0x4B, 3, 4] || start == [0x50, 0x4B, 5, 6] else {
            throw ElvesError(.packageNotZip, "the file does not start as a zip file does")
        }
        let tailAt = max(0, size - searched)
        let tail = read(file, at: tailAt, count: Int(size - tailAt))
        try check(tail, at: tailAt, fileSize: size, limits: limits)
    }

    private static func check(_ tail: [UInt8], at tailAt: Int64, fileSize: Int64, limits: PackageLimits) throws {
        guard let place = endRecord(in: tail) else {
            throw ElvesError(.packageDamaged, "the zip file is cut short: it has no directory at its end")
        }
        let entries = number(tail, place + 10, bytes: 2)
        let offset = number(tail, place + 16, bytes: 4)
        let zip64 = place >= 20 && tail[place - 20..<place - 16].elementsEqual([0x50, 0x4B, 6, 7])
        guard !zip64, offset != 0xFFFF_FFFF else {
            throw ElvesError(
                .packageDamaged, "the zip file uses the Zip64 format, which no package needs",
                hint: "make the zip with fewer and smaller files, or push the folder itself")
        }
        guard entries > 0 else { throw ElvesError(.packageEmpty, "the zip file holds no files") }
        guard entries <= limits.entries, fileSize - offset <= Int64(limits.entries) * bytesPerEntry else {
            throw ElvesError(
                .packageTooManyFiles, "the zip file has more than \(limits.entries) entries or an oversized directory")
        }
        guard offset < tailAt + Int64(place) else {
            throw ElvesError(.packageDamaged, "the zip file's directory lies outside of it")
        }
    }

    private static func endRecord(in tail: [UInt8]) -> Int? {
        guard tail.count >= endRecordSize else { return nil }
        return stride(from: tail.count - endRecordSize, through: 0, by: -1).first {
            tail[$0] == 0x50 && tail[$0 + 1] == 0x4B && tail[$0 + 2] == 5 && tail[$0 + 3] == 6
        }
    }

    private static func number(_ bytes: [UInt8], _ place: Int, bytes count: Int) -> Int64 {
        (0..<count).reduce(0) { $0 | Int64(bytes[place + $1]) << Int64(8 * $1) }
    }

    private static func read(_ file: Int32, at offset: Int64, count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = 0
            while filled < count {
                let got = pread(
                    file, buffer.baseAddress?.advanced(by: filled), count - filled, off_t(offset) + off_t(filled))
                guard got > 0 else { break }
                filled += got
            }
        }
    }
}
