internal import ElvesCore
internal import Glibc

/// What an agent can say of its machine without being told.
package enum MachineFacts {
    /// `os`, `kernel`, `arch`, `cpus`, `memory_mib`, `hostname`.
    package static func read() -> [String: String] {
        var facts: [String: String] = [:]
        var names = utsname()
        if uname(&names) == 0 {
            facts["kernel"] = text(&names.release)
            facts["arch"] = text(&names.machine)
            facts["hostname"] = text(&names.nodename)
        }
        facts["os"] = distribution() ?? "linux"
        facts["cpus"] = "\(sysconf(Int32(_SC_NPROCESSORS_ONLN)))"
        let pages = sysconf(Int32(_SC_PHYS_PAGES))
        facts["memory_mib"] = "\(pages * sysconf(Int32(_SC_PAGESIZE)) >> 20)"
        return facts
    }

    /// The machine's name.
    package static var hostname: String { read()["hostname"] ?? "" }

    private static func distribution() -> String? {
        guard let bytes = try? Disk.read("/etc/os-release") else { return nil }
        var values: [Substring: Substring] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { values[parts[0]] = parts[1] }
        }
        let words = ["ID", "VERSION_ID"].compactMap { values[$0].map(unquoted) }
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    private static func unquoted(_ text: Substring) -> String {
        text.hasPrefix("\"") && text.hasSuffix("\"") && text.count > 1
            ? String(text.dropFirst().dropLast()) : String(text)
    }

    private static func text<Tuple>(_ tuple: inout Tuple) -> String {
        withUnsafeBytes(of: &tuple) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
