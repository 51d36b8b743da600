internal import AppPackage
internal import Crypto
internal import ElvesCore
internal import Foundation
internal import Synchronization

/// Files by their SHA-256, in a folder: `blobs/ab/abcdef…`.
///
/// A push writes into a staging folder of its own; only when every check has passed are its files
/// moved in. What a killed process leaves behind is swept away at the next start.
struct BlobFolder: Sendable {
    private let blobs: String
    private let staging: String

    /// Opens the folder, and empties what unfinished pushes left.
    init(_ folder: String) throws {
        blobs = folder + "/blobs"
        staging = folder + "/staging"
        for path in [folder, blobs, staging] { try StorageFile.makeFolder(path) }
        for name in try Self.names(in: staging) { try? FileManager.default.removeItem(atPath: staging + "/" + name) }
    }

    /// A place for the files of one push.
    func stage(_ name: String) throws -> Staging {
        let path = staging + "/" + name
        try StorageFile.makeFolder(path)
        return Staging(folder: path)
    }

    /// Moves a push's files in, durably; those that are there already stay.
    func publish(_ staged: Staging) throws {
        var folders: Set<String> = [blobs]
        for (digest, path) in staged.files {
            let target = self.path(of: digest)
            let folder = String(target.prefix(blobs.count + 3))
            if folders.insert(folder).inserted { try StorageFile.makeFolder(folder) }
            if StorageFile.size(of: target) == StorageFile.size(of: path) { continue }
            try StorageFile.move(path, to: target)
        }
        for folder in folders { try StorageFile.syncFolder(folder) }
    }

    /// At most `length` bytes of the file from `offset` on; shorter only at its end.
    func read(_ digest: [UInt8], at offset: Int64, length: Int) throws -> [UInt8] {
        let name = Hex.encode(digest)
        guard digest.count == 32, let file = try StorageFile(reading: path(of: digest)) else {
            throw ElvesError(.supervisorFileUnknown, "no file with digest \(name)", details: ["digest": name])
        }
        let size = try file.size
        guard (0...size).contains(offset) else {
            throw ElvesError(
                .supervisorFileRange, "offset \(offset) lies outside the \(size) bytes of file \(name)",
                details: ["digest": name])
        }
        return try file.read(at: offset, count: Int(min(Int64(length), size - offset)))
    }

    /// Deletes every file that is not in `kept`; returns how many.
    @discardableResult
    func sweep(keeping kept: Set<[UInt8]>) throws -> Int {
        let names = Set(kept.map { Hex.encode($0) })
        var deleted = 0
        for folder in try Self.names(in: blobs) {
            for name in try Self.names(in: blobs + "/" + folder) where !names.contains(name) {
                try? FileManager.default.removeItem(atPath: blobs + "/" + folder + "/" + name)
                deleted += 1
            }
        }
        return deleted
    }

    private func path(of digest: [UInt8]) -> String {
        let name = Hex.encode(digest)
        return blobs + "/" + name.prefix(2) + "/" + name
    }

    private static func names(in folder: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw ElvesError(.elvesStoreUnavailable, "cannot list \(folder): \(error)", cause: error)
        }
    }
}

/// The files of one push while it is being checked.
final class Staging: BlobStore {
    private let folder: String
    private let state = Mutex((count: 0, files: [[UInt8]: String]()))

    fileprivate init(folder: String) { self.folder = folder }

    /// Finished files: digest to path.
    var files: [[UInt8]: String] { state.withLock { $0.files } }

    /// Forgets everything that was not published.
    func discard() { try? FileManager.default.removeItem(atPath: folder) }

    func writer() throws -> any BlobWriter {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        return Writer(staging: self, file: try StorageFile(creating: "\(folder)/\(number)"))
    }

    private struct Writer: BlobWriter {
        let staging: Staging
        let file: StorageFile
        private var hash = SHA256()

        init(staging: Staging, file: StorageFile) {
            self.staging = staging
            self.file = file
        }

        mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
            hash.update(bufferPointer: bytes)
            try file.append(bytes)
        }

        mutating func finish() throws -> [UInt8] {
            try file.sync()
            let digest = Array(hash.finalize())
            staging.state.withLock { $0.files[digest] = file.path }
            return digest
        }
    }
}
