internal import Glibc

/// What a dead runner left in its workers' cgroups.
///
/// Where they are stands in `run/cgroup` of the agent's folder: the next runner may be started in another group.
package enum StrayGroups {
    private static let note = "/run/cgroup"
    private static let patience = Duration.seconds(1)

    /// Ends everything in the groups of the runner of an agent's folder, and removes them.
    ///
    /// Returns how many processes outlived it. The caller holds the runner's lock on the folder.
    static func end(root: String) async -> Int {
        guard let name = name(root: root), let bytes = ProcFile.read(root + note) else { return 0 }
        let path = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        // Nothing else that may stand there is ever touched.
        guard path.hasPrefix("/"), path.split(separator: "/").last.map(String.init) == name, !path.contains("/../")
        else { return 0 }
        guard let group = WorkerGroup(path) else { return 0 }
        let clock = ContinuousClock()
        let end = clock.now + patience
        var pause = Duration.milliseconds(1)
        while !group.isEmpty {
            group.kill()
            guard clock.now < end else { return group.pids.count }
            try? await clock.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(20))
        }
        group.remove()
        return 0
    }

    /// The same while no runner serves the folder; nil when one does.
    ///
    /// For the agent, whose runner died.
    package static func endIfAlone(root: String) async -> Int? {
        guard let lock = RunnerLock(root: root) else { return nil }
        let left = await end(root: root)
        withExtendedLifetime(lock) {}
        return left
    }

    /// The name of the group that holds all of a folder's: the folder's own identity, by whatever path.
    static func name(root: String) -> String? {
        var status = stat()
        guard stat(root, &status) == 0 else { return nil }
        return "elves-agent-" + String(UInt64(status.st_dev), radix: 16) + "-"
            + String(UInt64(status.st_ino), radix: 16)
    }

    /// Writes down where the groups are; false when it cannot.
    static func note(_ path: String, root: String) -> Bool {
        let file = open(root + note, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        var line = path + "\n"
        return line.withUTF8 { write(file, $0.baseAddress, $0.count) == $0.count }
    }
}
