import ElvesCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Names in folders. Everything blocks.
enum DataFolder {
    /// What is known of a file without opening it.
    struct Facts: Sendable, Hashable {
        var size: Int64
        /// UTC milliseconds.
        var changedAtMs: Int64
    }

    /// Makes a folder, mode 0700, and those above it.
    static func make(_ path: String) throws(ElvesError) {
        var built = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            built += "/" + part
            guard mkdir(built, 0o700) == 0 || errno == EEXIST else { throw failure(built) }
        }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw ElvesError(.elvesStoreUnavailable, "\(path) is not a folder", details: ["path": path])
        }
    }

    /// Names of what is in the folder, sorted.
    static func names(in path: String) throws(ElvesError) -> [String] {
        guard let folder = opendir(path) else { throw failure(path) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Nil for anything but a regular file.
    static func facts(of path: String) -> Facts? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        #if canImport(Darwin)
            let changed = status.st_mtimespec
        #else
            let changed = status.st_mtim
        #endif
        return Facts(
            size: Int64(status.st_size),
            changedAtMs: Int64(changed.tv_sec) * 1_000 + Int64(changed.tv_nsec) / 1_000_000)
    }

    /// Sets when the file is said to have changed last. Best effort.
    static func setChanged(_ path: String, atMs: Int64) {
        let time = timespec(tv_sec: Int(atMs / 1_000), tv_nsec: Int(atMs % 1_000) * 1_000_000)
        _ = utimensat(AT_FDCWD, path, [time, time], AT_SYMLINK_NOFOLLOW)
    }

    static func move(_ path: String, to target: String) throws(ElvesError) {
        guard rename(path, target) == 0 else { throw failure(path) }
    }

    /// Removes a file; that it is not there is no error.
    static func remove(_ path: String) throws(ElvesError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw failure(path) }
    }

    /// Makes the names in a folder safe from a power loss.
    static func sync(_ path: String) throws(ElvesError) {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw failure(path) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw failure(path) }
    }

    /// What the system said last, in registry words.
    static func failure(_ path: String) -> ElvesError {
        let problem = errno
        if problem == ENOSPC || problem == EDQUOT {
            return ElvesError(.elvesStoreFull, "no room left for \(path)", details: ["path": path])
        }
        return ElvesError(
            .elvesStoreUnavailable, "cannot use \(path): \(String(cString: strerror(problem)))",
            details: ["path": path])
    }
}
