internal import Glibc

/// The C library's `kill`, where a method of that name hides it.
@discardableResult private func sendSignal(_ signal: Int32, to pid: Int32) -> Int32 { kill(pid, signal) }

/// A version 2 cgroup: whatever is born in it stays in it, unless it is moved by someone who may.
///
/// Groups below it, which a worker may have made, count as it.
final class WorkerGroup {
    /// Its folder.
    let path: String
    /// The folder, open, for a process to be born in.
    let folder: Int32
    private let members: Int32

    /// Opens a group that exists.
    init?(_ path: String) {
        folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        members = open(path + "/cgroup.procs", O_RDONLY | O_CLOEXEC)
        self.path = path
        guard folder >= 0, members >= 0 else { return nil }
    }

    deinit {
        if folder >= 0 { close(folder) }
        if members >= 0 { close(members) }
    }

    /// Makes a new group; nil when it cannot be made or was there.
    static func make(_ path: String) -> WorkerGroup? {
        guard mkdir(path, 0o755) == 0 else { return nil }
        if let group = WorkerGroup(path) { return group }
        rmdir(path)
        return nil
    }

    /// Whether no process lives in it. Zombies do not count. Two system calls: made for the end of every worker.
    var isEmpty: Bool {
        var bytes: (UInt64, UInt64) = (0, 0)
        guard pread(members, &bytes, MemoryLayout.size(ofValue: bytes), 0) <= 0 else { return false }
        return !hasGroups || Self.below(path).allSatisfy { ProcFile.numbers($0 + "/cgroup.procs")?.isEmpty ?? true }
    }

    /// Its processes.
    var pids: [Int32] {
        ([path] + (hasGroups ? Self.below(path) : [])).flatMap { ProcFile.numbers($0 + "/cgroup.procs") ?? [] }
    }

    /// Ends every process in it, those that are being born among them.
    ///
    /// Since Linux 5.14 by one write; before, and unless `atOnce`, its processes are stopped first, so that none is
    /// born meanwhile.
    func kill(atOnce: Bool = true) {
        if atOnce, Self.write("1", to: path + "/cgroup.kill") { return }
        _ = Self.write("1", to: path + "/cgroup.freeze")
        for pid in pids where pid > 0 { sendSignal(SIGKILL, to: pid) }
    }

    /// Removes it and the groups below it; false when something lives in it.
    @discardableResult func remove() -> Bool {
        for inner in Self.below(path).reversed() { rmdir(inner) }
        return rmdir(path) == 0 || errno == ENOENT
    }

    /// A group with none below it has two links: its own and its parent's.
    var hasGroups: Bool {
        var status = stat()
        return fstat(folder, &status) != 0 || status.st_nlink != 2
    }

    /// Folders of all groups below a group, outer ones first.
    static func below(_ path: String) -> [String] {
        var found: [String] = []
        var rest = [path]
        while let next = rest.popLast() {
            let inner = ProcFile.folders(in: next).map { next + "/" + $0 }
            found += inner
            rest += inner
        }
        return found
    }

    private static func write(_ text: String, to path: String) -> Bool {
        let file = open(path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        var text = text
        return text.withUTF8 { Glibc.write(file, $0.baseAddress, $0.count) } > 0
    }
}
