internal import ElvesCore
internal import Glibc
internal import Runner

/// The copies in an agent's folder.
struct CopyFolder: Sendable {
    private let path: String

    init(_ folder: AgentFolder) { path = folder.outputs }

    /// The copy of an attempt's output.
    func copy(of key: AttemptKey) -> String { path + "/" + key.marker + ".out" }

    /// Makes the folder, where only this user may look.
    func prepare() throws(ElvesError) {
        try Disk.makeFolders(path)
        chmod(path, 0o700)
    }

    /// Attempts that have a copy.
    func keys() -> [AttemptKey] { Disk.names(in: path).compactMap(Self.key) }

    func open(_ key: AttemptKey) -> CopyFile? { CopyFile(copy(of: key)) }

    func remove(_ key: AttemptKey) { unlink(copy(of: key)) }

    /// Bytes and seconds since the last write; nil without a file.
    func measure(_ key: AttemptKey) -> (size: Int64, age: Int64)? {
        var status = stat()
        guard lstat(copy(of: key), &status) == 0 else { return nil }
        return (Int64(status.st_size), Int64(time(nil)) - Int64(status.st_mtim.tv_sec))
    }

    /// Ends the copy of an attempt that has ended.
    func close(_ key: AttemptKey, wrote counts: OutputCounts) throws(ElvesError) {
        try CopyFile.close(copy(of: key), wrote: counts)
    }

    private static func key(_ name: String) -> AttemptKey? {
        guard name.hasSuffix(".out") else { return nil }
        let parts = name.dropLast(4).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 16, let task = UInt64(parts[0], radix: 16),
            let attempt = Int32(parts[1])
        else { return nil }
        let key = AttemptKey(taskId: Int64(bitPattern: task), attempt: attempt)
        return key.marker + ".out" == name ? key : nil
    }
}
