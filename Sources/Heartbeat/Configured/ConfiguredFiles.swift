internal import AppPackage
internal import ElvesCore
internal import Foundation

/// Files by their SHA-256 in a folder that is made anew at each start.
struct ConfiguredFiles: BlobStore {
    private let folder: URL

    init(emptying path: String) throws {
        folder = URL(filePath: path)
        try? FileManager.default.removeItem(at: folder)
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// A place for a file that is on its way.
    func temporary() -> URL { folder.appending(path: "new-\(UUID().uuidString)") }

    func writer() throws -> any BlobWriter { try Writer(folder: folder, path: temporary()) }

    /// At most `length` bytes from `offset`; fewer only at the file's end.
    func read(_ digest: [UInt8], offset: Int64, length: Int) throws -> [UInt8] {
        let name = Hex.encode(digest)
        guard let file = try? FileHandle(forReadingFrom: folder.appending(path: name)) else {
            throw ElvesError(.heartbeatFileUnknown, "no configured app has a file \(name)")
        }
        defer { try? file.close() }
        try file.seek(toOffset: UInt64(offset))
        return Array(try file.read(upToCount: length) ?? Data())
    }

    private struct Writer: BlobWriter {
        private let folder: URL
        private let path: URL
        private let file: FileHandle
        private var hash = HashingBlobStore().writer()

        init(folder: URL, path: URL) throws {
            self.folder = folder
            self.path = path
            try Data().write(to: path)
            file = try FileHandle(forWritingTo: path)
        }

        mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
            try hash.write(bytes)
            try file.write(contentsOf: Data(bytes))
        }

        mutating func finish() throws -> [UInt8] {
            try file.close()
            let digest = try hash.finish()
            let target = folder.appending(path: Hex.encode(digest))
            try? FileManager.default.removeItem(at: target)
            try FileManager.default.moveItem(at: path, to: target)
            return digest
        }
    }
}
