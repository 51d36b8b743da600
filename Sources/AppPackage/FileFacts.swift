internal import ElvesCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// What the file system says of one path, links not followed.
struct FileFacts {
    enum Kind { case file, folder, link, special }
    let kind: Kind
    let size: Int64
    let isExecutable: Bool

    init(_ path: String) throws {
        var facts = stat()
        guard lstat(path, &facts) == 0 else {
            throw ElvesError(.packageDamaged, "cannot read \(path): \(String(cString: strerror(errno)))")
        }
        kind =
            switch facts.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .special
            }
        size = Int64(facts.st_size)
        isExecutable = facts.st_mode & 0o111 != 0
    }
}
