internal import ElvesCore
internal import Foundation

/// Uploads on their way in: one file each, chunk after chunk.
///
/// Unfinished uploads are dropped after a while, and all of them at start: an upload is nothing
/// until its push is finished.
struct UploadSpool {
    /// One upload.
    struct Upload {
        let filename: String
        let size: Int64
        let path: String
        fileprivate var received: Int64 = 0
        fileprivate var touched: ContinuousClock.Instant
        fileprivate let file: StorageFile
    }

    /// Bytes of a whole upload.
    static let largest: Int64 = 256 << 20
    /// Bytes of one chunk.
    static let largestChunk = 1 << 20
    private static let most = 16
    /// Bytes that all uploads under way may come to, as they were announced.
    static let largestSum: Int64 = 1 << 30
    private static let patience = Duration.seconds(15 * 60)

    private let folder: String
    private var uploads: [String: Upload] = [:]

    init(_ folder: String) throws {
        self.folder = folder
        if FileManager.default.fileExists(atPath: folder) { try? FileManager.default.removeItem(atPath: folder) }
        try StorageFile.makeFolder(folder)
    }

    /// Opens an upload and answers with its name.
    mutating func begin(_ filename: String, size: Int64, now: ContinuousClock.Instant) throws -> String {
        guard size <= Self.largest else {
            throw ElvesError(.packageTooLong, "the package has \(size) bytes, more than \(Self.largest)")
        }
        guard size > 0, !filename.isEmpty, filename.utf8.count <= 255, !filename.contains("/") else {
            throw ElvesError(
                .packageFilename, "an upload needs a size above zero and a plain file name",
                hint: "give the name of the zip file without folders, at most 255 bytes")
        }
        for (name, upload) in uploads where now - upload.touched > Self.patience { drop(name, upload) }
        guard uploads.count < Self.most else {
            throw ElvesError(.supervisorUploadTooMany, "\(Self.most) uploads are under way")
        }
        let announced = uploads.values.reduce(0) { $0 + $1.size }
        guard announced + size <= Self.largestSum else {
            throw ElvesError(
                .supervisorUploadTooMany,
                "the uploads under way come to \(announced) bytes; with \(size) more that is over \(Self.largestSum)")
        }
        let name = Hex.encode((0..<16).map { _ in UInt8.random(in: 0...255) })
        let path = folder + "/" + name
        uploads[name] = Upload(
            filename: filename, size: size, path: path, touched: now, file: try StorageFile(creating: path))
        return name
    }

    /// Adds the next bytes; they must follow what is there.
    mutating func add(_ bytes: [UInt8], to name: String, at offset: Int64, now: ContinuousClock.Instant) throws {
        guard var upload = uploads[name] else { throw unknown(name) }
        guard bytes.count <= Self.largestChunk else {
            throw ElvesError(.supervisorUploadSize, "a chunk has \(bytes.count) bytes, more than \(Self.largestChunk)")
        }
        guard offset == upload.received else {
            throw ElvesError(
                .supervisorUploadOffset, "a chunk for byte \(offset) came where byte \(upload.received) is next")
        }
        guard upload.received + Int64(bytes.count) <= upload.size else {
            throw ElvesError(.supervisorUploadSize, "the upload is longer than the \(upload.size) bytes announced")
        }
        do {
            try bytes.withUnsafeBytes { try upload.file.append($0) }
        } catch {
            drop(name, upload)
            throw error
        }
        upload.received += Int64(bytes.count)
        upload.touched = now
        uploads[name] = upload
    }

    /// Takes a whole upload out of the spool; its file is the caller's to delete.
    mutating func take(_ name: String) throws -> Upload {
        guard let upload = uploads[name] else { throw unknown(name) }
        guard upload.received == upload.size else {
            drop(name, upload)
            throw ElvesError(
                .supervisorUploadSize, "\(upload.received) bytes came of the \(upload.size) announced")
        }
        uploads[name] = nil
        return upload
    }

    /// Forgets an upload.
    mutating func abort(_ name: String) {
        if let upload = uploads[name] { drop(name, upload) }
    }

    private mutating func drop(_ name: String, _ upload: Upload) {
        uploads[name] = nil
        try? FileManager.default.removeItem(atPath: upload.path)
    }

    private func unknown(_ name: String) -> ElvesError {
        ElvesError(.supervisorUploadUnknown, "no upload \"\(name)\" is under way")
    }
}
