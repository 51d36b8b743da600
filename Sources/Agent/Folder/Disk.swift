internal import ElvesCore
internal import Glibc

/// The C library's `read`, where a method of that name hides it.
private func readBytes(_ file: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(file, bytes, count)
}

/// The C library's `write`, where a method of that name hides it.
private func writeBytes(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(file, bytes, count) }

/// Files and folders, with errors that name them. Everything blocks: small things, or off the event loops.
enum Disk {
    static func makeFolders(_ path: String) throws(ElvesError) {
        var built = ""
        for part in path.split(separator: "/") {
            built += "/" + part
            if mkdir(built, 0o755) != 0, errno != EEXIST { throw error("make the folder", built) }
        }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw ElvesError(.elvesStoreUnavailable, "\(path) is not a folder")
        }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Size of a regular file; nil for anything else.
    static func size(_ path: String) -> Int64? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int64(status.st_size)
    }

    static func names(in folder: String) -> [String] {
        guard let open = opendir(folder) else { return [] }
        defer { closedir(open) }
        var names: [String] = []
        while let entry = readdir(open) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    static func read(_ path: String, limit: Int = 64 << 20) throws(ElvesError) -> [UInt8] {
        let file = try OpenFile(path, O_RDONLY)
        return try file.read(limit: limit)
    }

    /// Replaces a file's content so that a crash leaves the old or the new.
    static func replace(_ path: String, with bytes: [UInt8]) throws(ElvesError) {
        let beside = path + ".new"
        let file = try OpenFile(beside, O_WRONLY | O_CREAT | O_TRUNC)
        try file.write(bytes)
        try file.sync()
        try move(beside, to: path)
        try syncFolder(parent(of: path))
    }

    static func copy(_ from: String, to: String) throws(ElvesError) {
        let source = try OpenFile(from, O_RDONLY)
        let target = try OpenFile(to, O_WRONLY | O_CREAT | O_TRUNC)
        while true {
            let piece = try source.read(limit: 1)
            if piece.isEmpty { return }
            try target.write(piece)
        }
    }

    static func move(_ from: String, to: String) throws(ElvesError) {
        guard rename(from, to) == 0 else { throw error("move to \(to)", from) }
    }

    /// Lets `path` be a link to `target`, atomically.
    static func link(_ path: String, to target: String) throws(ElvesError) {
        let beside = parent(of: path) + "/.new-" + (path.split(separator: "/").last ?? "")
        unlink(beside)
        guard symlink(target, beside) == 0 else { throw error("make the link", beside) }
        try move(beside, to: path)
        try syncFolder(parent(of: path))
    }

    static func linkTarget(_ path: String) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
            guard let start = buffer.baseAddress else { return nil }
            let count = readlink(path, start, buffer.count)
            guard count > 0 else { return nil }
            return String(decoding: buffer[..<count].lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    /// Removes a file, a link, or a folder with all in it; links are not followed.
    static func remove(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR {
            for name in names(in: path) { remove(path + "/" + name) }
            rmdir(path)
        } else {
            unlink(path)
        }
    }

    static func syncFolder(_ path: String) throws(ElvesError) {
        let folder = try OpenFile(path, O_RDONLY)
        try folder.sync()
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// What the system said, as a registry error: a full disk is told apart.
    static func error(_ what: String, _ path: String) -> ElvesError {
        let number = errno
        let reason = String(cString: strerror(number))
        let code: ErrorCode = number == ENOSPC || number == EDQUOT ? .agentDiskFull : .elvesStoreUnavailable
        return ElvesError(code, "cannot \(what) \(path): \(reason)", details: ["path": path])
    }
}

/// An open file, closed when it is let go.
final class OpenFile: Sendable {
    private let path: String
    let descriptor: Int32

    init(_ path: String, _ flags: Int32, mode: mode_t = 0o644) throws(ElvesError) {
        self.path = path
        descriptor = open(path, flags | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw Disk.error("open", path) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Writes at the end of the file, all of it or nothing.
    func append(_ bytes: [UInt8]) throws(ElvesError) {
        var written = 0
        do throws(ElvesError) { try write(bytes, counting: &written) } catch {
            // Half a line would swallow the next one.
            let length = lseek(descriptor, 0, SEEK_END) - off_t(written)
            if length >= 0 { ftruncate(descriptor, length) }
            throw error
        }
    }

    func write(_ bytes: [UInt8]) throws(ElvesError) {
        var written = 0
        try write(bytes, counting: &written)
    }

    private func write(_ bytes: [UInt8], counting start: inout Int) throws(ElvesError) {
        while start < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                let rest = UnsafeRawBufferPointer(rebasing: buffer[start...])
                return writeBytes(descriptor, rest.baseAddress, rest.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Disk.error("write", path) }
            start += count
        }
    }

    /// Reads on until `limit` is reached or passed, by less than 64 KiB, or the file ends.
    func read(limit: Int) throws(ElvesError) -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count < limit {
            let count = piece.withUnsafeMutableBytes { readBytes(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Disk.error("read", path) }
            guard count > 0 else { break }
            bytes.append(contentsOf: piece[..<count])
        }
        return bytes
    }

    func sync() throws(ElvesError) {
        guard fsync(descriptor) == 0 else { throw Disk.error("sync", path) }
    }

    func setMode(_ mode: mode_t) throws(ElvesError) {
        guard fchmod(descriptor, mode) == 0 else { throw Disk.error("set the mode of", path) }
    }
}
