internal import CArchive
internal import ElvesCore

/// Reads a zip file entry by entry through libarchive, within limits.
///
/// Not Sendable: one thread opens it, reads it and lets it go.
final class ZipInput {
    /// What the zip says of one entry.
    struct Entry {
        enum Kind { case file, folder, link, special }
        let path: String
        let kind: Kind
        let isExecutable: Bool
        let isEncrypted: Bool
        /// Bytes as the zip declares them, which may be a lie; nil when it does not say.
        let declaredSize: Int64?
    }

    private let archive: OpaquePointer
    private let locale: UTF8Locale

    /// Opens the file after a look at its directory, so that libarchive never reads an oversized one.
    init(path: String, limits: PackageLimits) throws {
        try ZipDirectory.check(path, limits: limits)
        guard let archive = archive_read_new() else {
            throw ElvesError(.elvesOverloaded, "no memory to read a zip file")
        }
        self.archive = archive
        locale = UTF8Locale()
        archive_read_support_format_zip_seekable(archive)
        guard archive_read_open_filename(archive, path, 64 << 10) == ARCHIVE_OK else { throw damaged() }
    }

    deinit { archive_read_free(archive) }

    /// The next entry, nil after the last.
    func next() throws -> Entry? {
        var found: OpaquePointer?
        switch archive_read_next_header(archive, &found) {
        case ARCHIVE_OK: break
        case ARCHIVE_EOF: return nil
        case ARCHIVE_WARN where found.map(Self.path) == .some(nil):
            throw ElvesError(.packagePathInvalid, "a path in the zip file is not UTF-8")
        default: throw damaged()
        }
        guard let found else { throw damaged() }
        guard let path = Self.path(found) else {
            throw ElvesError(.packagePathInvalid, "a path in the zip file is not UTF-8")
        }
        return Entry(
            path: path, kind: Self.kind(found), isExecutable: archive_entry_perm(found) & 0o111 != 0,
            isEncrypted: archive_entry_is_encrypted(found) != 0,
            declaredSize: archive_entry_size_is_set(found) != 0 ? archive_entry_size(found) : nil)
    }

    /// Fills the buffer with the current entry's content; 0 at its end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = archive_read_data(archive, buffer.baseAddress, buffer.count)
        guard count >= 0 else { throw damaged() }
        return count
    }

    private func damaged() -> ElvesError {
        let reason = archive_error_string(archive).map { String(cString: $0) } ?? "it cannot be read"
        return ElvesError(.packageDamaged, "the zip file is damaged: \(reason)")
    }

    private static func path(_ entry: OpaquePointer) -> String? {
        guard let bytes = archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry) else { return nil }
        return String(validatingCString: bytes)
    }

    private static func kind(_ entry: OpaquePointer) -> Entry.Kind {
        if archive_entry_hardlink(entry) != nil || archive_entry_symlink(entry) != nil { return .link }
        return switch UInt32(archive_entry_filetype(entry)) {
        case 0o100000: .file
        case 0o040000: .folder
        case 0o120000: .link
        default: .special
        }
    }
}
