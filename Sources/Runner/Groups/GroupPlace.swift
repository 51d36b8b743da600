internal import Glibc

/// Where the kernel's version 2 cgroups are, and which of them this process is in.
enum GroupPlace {
    /// The folder of this process's own group; nil without version 2 cgroups, or when its group is not in sight.
    static func own() -> String? {
        guard let mounts = ProcFile.read("/proc/self/mountinfo", limit: 1 << 20),
            let groups = ProcFile.read("/proc/self/cgroup")
        else { return nil }
        return own(mounts: mounts, groups: groups)
    }

    /// The same, by the texts of `/proc/self/mountinfo` and `/proc/self/cgroup` (proc_pid_mountinfo(5), cgroups(7)).
    static func own(mounts: [UInt8], groups: [UInt8]) -> String? {
        let line = groups.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: "0::/".utf8) }
        guard let group = line.map({ String(decoding: $0.dropFirst(3), as: UTF8.self) }) else { return nil }
        for line in mounts.split(separator: UInt8(ascii: "\n")) {
            // id parent major:minor root place options [optional…] - type source options
            let words = line.split(separator: UInt8(ascii: " "))
            guard let dash = words.firstIndex(where: { $0.elementsEqual("-".utf8) }), dash >= 6,
                words.count > dash + 1, words[dash + 1].elementsEqual("cgroup2".utf8)
            else { continue }
            if let rest = below(unescaped(words[3]), group) { return joined(unescaped(words[4]), rest) }
        }
        return nil
    }

    /// What of `group` is below the root of a mount; nil when the mount does not show it.
    private static func below(_ root: String, _ group: String) -> String? {
        // A group outside of this process's cgroup namespace.
        if group.hasPrefix("/..") { return nil }
        if root == "/" { return group }
        if group == root { return "" }
        return group.hasPrefix(root + "/") ? String(group.dropFirst(root.utf8.count)) : nil
    }

    private static func joined(_ place: String, _ rest: String) -> String {
        rest == "/" || rest.isEmpty ? place : place + rest
    }

    /// Spaces, tabs, line ends and backslashes stand there as `\040` and so on.
    private static func unescaped(_ word: ArraySlice<UInt8>) -> String {
        var bytes: [UInt8] = []
        var rest = word
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.count >= 3,
                let code = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
            {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
