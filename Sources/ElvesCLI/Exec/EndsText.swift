internal import ElvesClient

/// Ends of many tasks in few lines: those alike together, the most frequent first.
enum EndsText {
    static func lines(_ tasks: [TaskRecord], unmatched: [String]) -> [String] {
        Dictionary(grouping: tasks, by: label).sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
            .map { label, tasks in
                "\(Wording.count(tasks.count)) \(label): \(tasks.map(\.agent.ip).joined(separator: ", "))"
            } + (unmatched.isEmpty ? [] : ["\(unmatched.count) unmatched: \(unmatched.joined(separator: ", "))"])
    }

    private static func label(_ task: TaskRecord) -> String {
        task.state == .succeeded ? "✓ \(ExecReport.answer(of: task))" : ExecReport.reason(of: task)
    }
}
