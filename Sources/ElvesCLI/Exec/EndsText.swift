internal import ElvesClient
internal import ElvesCore

/// Ends of many tasks in one line: those alike together, the most frequent first.
enum EndsText {
    static func line(_ tasks: [TaskRecord], unmatched: [String]) -> String {
        var folding = Folding()
        for task in tasks {
            // A state of a newer center is one that this program cannot tell.
            let state = ElvesCore.TaskState.allCases.first { $0.name == task.state.rawValue } ?? .unknown
            let name = task.agent.name.isEmpty ? task.agent.ip : task.agent.name
            folding.add(name, state: state, value: value(of: task))
        }
        let missing = unmatched.isEmpty ? nil : "\(Wording.count(unmatched.count)) no such agent: \(names(unmatched))"
        return [folding.line(), missing ?? ""].filter { !$0.isEmpty }.joined(separator: " · ")
    }

    private static func names(_ words: [String]) -> String {
        words.prefix(3).joined(separator: ", ") + (words.count > 3 ? ", …" : "")
    }

    /// What came out, or why nothing did.
    private static func value(of task: TaskRecord) -> ElvesCore.JSONValue? {
        if task.state == .succeeded, let result = task.result, result != .null {
            return try? ElvesCore.JSONValue(parsing: result.text)
        }
        return task.message.isEmpty ? nil : .string(task.message)
    }
}
