internal import CArchive
internal import ElvesCore

/// Writes a zip file whose bytes depend on nothing but its files.
final class ZipOutput {
    private let archive: OpaquePointer
    private let path: String
    private let locale: UTF8Locale

    init(path: String) throws {
        guard let archive = archive_write_new() else {
            throw ElvesError(.elvesOverloaded, "no memory to write a zip file")
        }
        self.archive = archive
        self.path = path
        locale = UTF8Locale()
        archive_write_set_format_zip(archive)
        guard archive_write_open_filename(archive, path) == ARCHIVE_OK else { throw failure() }
    }

    deinit { archive_write_free(archive) }

    /// Adds one file of exactly `size` bytes, which `next` hands out in pieces.
    func add(path file: String, mode: Int32, size: Int64, next: () throws -> [UInt8]?) throws {
        guard let entry = archive_entry_new() else {
            throw ElvesError(.elvesOverloaded, "no memory to write a zip file")
        }
        defer { archive_entry_free(entry) }
        archive_entry_set_pathname_utf8(entry, file)
        archive_entry_set_filetype(entry, 0o100000)
        archive_entry_set_perm(entry, .init(mode))
        archive_entry_set_size(entry, size)
        archive_entry_set_mtime(entry, 315_532_800, 0)
        guard archive_write_header(archive, entry) == ARCHIVE_OK else { throw failure() }
        var written: Int64 = 0
        while let chunk = try next() {
            let count = chunk.withUnsafeBytes { archive_write_data(archive, $0.baseAddress, $0.count) }
            guard count == chunk.count else {
                if count >= 0 { break }
                throw failure()
            }
            written += Int64(count)
        }
        guard written == size else {
            throw ElvesError(
                .packageDamaged, "\(PathRules.shown(file)) changed while it was read", hint: "push again")
        }
    }

    func close() throws {
        guard archive_write_close(archive) == ARCHIVE_OK else { throw failure() }
    }

    private func failure() -> ElvesError {
        let reason = archive_error_string(archive).map { String(cString: $0) } ?? "unknown reason"
        return ElvesError(
            .packageDamaged, "cannot write \(path): \(reason)", hint: "check the disk and its permissions")
    }
}
