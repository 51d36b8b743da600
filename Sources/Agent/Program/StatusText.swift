package import ElvesContracts
internal import ElvesCore
internal import ServiceCore

extension LocalStatus {
    /// What `elves-agent status` prints.
    package var text: String {
        var lines = [
            "agent \(Hex.encode(UInt64(bitPattern: agentId)))  \(ip)  version \(version)  up \(Self.span(uptimeMs))"
        ]
        for (name, ms) in lastContactMs.sorted(by: { $0.key < $1.key }) {
            lines.append("\(name): \(ms < 0 ? "no contact yet" : "last contact \(Self.span(ms)) ago")")
        }
        lines.append("tasks running: \(running)")
        // An agent of an earlier version does not say.
        if let waiting { lines.append("tasks waiting: \(waiting)") }
        if let residentBytes {
            let runner = runnerResidentBytes.map { ", runner \(Self.megabytes($0))" } ?? ""
            lines.append("memory: agent \(Self.megabytes(residentBytes))\(runner)")
        }
        lines.append("")
        lines.append(apps.isEmpty ? "no apps" : "apps")
        for app in apps {
            let tasks = [(app.running, "running"), (app.waiting, "waiting")]
                .compactMap { count, word in count.flatMap { $0 > 0 ? "\($0) \(word)" : nil } }
                .joined(separator: ", ")
            let problem = app.problem.isEmpty ? "" : "  PROBLEM: \(app.problem)"
            lines.append(
                "  \(app.app) \(app.version.isEmpty ? "not installed" : app.version)"
                    + (tasks.isEmpty ? "" : "  \(tasks)") + problem)
        }
        lines.append("")
        lines.append(tasks.isEmpty ? "no tasks yet" : "last tasks")
        for task in tasks {
            lines.append(
                "  \(SystemClock.text(task.startedAt))  \(Hex.encode(UInt64(bitPattern: task.taskId)))  "
                    + "\(task.app) \(task.func)  \(task.state.name ?? "?")  \(task.costMs) ms"
                    + (task.adopted == true ? "  adopted after a restart" : ""))
        }
        lines.append("")
        lines.append(errors.isEmpty ? "no errors" : "last errors")
        for error in errors { lines.append("  \(SystemClock.text(error.at))  \(error.code)  \(error.message)") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// `8.4 MB`, of a million bytes each.
    private static func megabytes(_ bytes: Int64) -> String {
        "\(bytes / 1_000_000).\(bytes % 1_000_000 / 100_000) MB"
    }

    private static func span(_ ms: Int64) -> String {
        switch ms {
        case ..<1000: "\(ms) ms"
        case ..<60_000: "\(ms / 1000) s"
        case ..<3_600_000: "\(ms / 60_000) min"
        default: "\(ms / 3_600_000) h \(ms % 3_600_000 / 60_000) min"
        }
    }
}
