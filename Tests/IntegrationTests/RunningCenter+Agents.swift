import Foundation

extension RunningCenter {
    /// Living processes of workers that run that function, lowest first.
    func workers(of function: String) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap(Int32.init).sorted().filter { pid in
            let variables = Self.strings("/proc/\(pid)/environ")
            return variables.contains("ELVES_FUNCTION=\(function)")
                && variables.contains { $0.hasPrefix("ELVES_STATE_DIR=" + dataPath) }
        }
    }

    /// The command line of a process.
    func words(of pid: Int32) -> [String] { Self.words(of: pid) }

    static func words(of pid: Int32) -> [String] { strings("/proc/\(pid)/cmdline") }

    /// What `elves-agent status` prints on the machine of that agent.
    func agentStatus(_ number: Int = 1) throws -> String {
        try Typed(
            running: Self.program("elves-agent"), ["status", "--root", dataPath + "/agents/\(number)"], [:]
        ).output
    }

    /// What an agent's journal says of the end of a task: `"state":"failed"` for one.
    func journalledEnd(of task: String, agent number: Int = 1) throws -> Substring? {
        let journal = try Typed(
            running: Self.program("elves-agent"), ["journal", "--json", "--root", dataPath + "/agents/\(number)"], [:]
        ).output
        return journal.split(separator: "\n").last { $0.contains(task) && !$0.contains("\"open\"") }
    }

    private static func strings(_ path: String) -> [String] {
        (FileManager.default.contents(atPath: path) ?? Data()).split(separator: 0)
            .map { String(decoding: $0, as: UTF8.self) }
    }
}
