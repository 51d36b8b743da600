internal import ElvesClient

/// How a task reads to people.
enum TaskText {
    static func lines(_ task: TaskRecord) -> [String] {
        var rows: [(String, String)] = [
            ("task", task.id),
            ("call", "\(task.app) \(task.function)" + (task.param.map { " \($0.text)" } ?? "")),
            ("agent", [task.agent.ip, task.agent.name].filter { !$0.isEmpty }.joined(separator: " ")),
            ("state", state(task)),
        ]
        if let result = task.result, result != .null { rows.append(("result", result.text)) }
        if !task.message.isEmpty, task.message != task.result?.string { rows.append(("message", task.message)) }
        if let code = task.code, !code.isEmpty { rows.append(("code", code)) }
        if let exit = task.exitCode, exit != 0 { rows.append(("exit code", String(exit))) }
        if let signal = task.signal { rows.append(("signal", String(signal))) }
        if let survivors = task.survivors, survivors > 0 {
            rows.append(("survivors", "\(Wording.count(survivors, "process", "processes")) outlived its end"))
        }
        if let version = task.version, !version.isEmpty { rows.append(("version", version)) }
        if let batch = task.batchID { rows.append(("batch", batch)) }
        if let before = task.retryOf { rows.append(("retry of", before)) }
        if let caller = task.caller, !caller.isEmpty { rows.append(("caller", caller)) }
        if !task.labels.isEmpty {
            let labels = task.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            rows.append(("labels", labels.joined(separator: ", ")))
        }
        rows += times(task)
        if let files = task.files, !files.isEmpty { rows.append(("files", Self.files(files))) }
        if let files = task.returned, !files.isEmpty { rows.append(("returned", Self.files(files))) }
        if let worker = task.worker, worker != .null { rows.append(("worker", worker.text)) }
        var lines = rows.map { name, value in
            name + String(repeating: " ", count: 11 - name.count) + value
        }
        lines += section("stdout", task.stdout) + section("stderr", task.stderr)
        return lines
    }

    private static func times(_ task: TaskRecord) -> [(String, String)] {
        var rows = [("created", Wording.moment(task.createdAt))]
        if task.startedAt != nil { rows.append(("started", Wording.moment(task.startedAt))) }
        if task.endedAt != nil {
            rows.append(("ended", Wording.moment(task.endedAt)))
        } else if task.nextAttemptAt != nil {
            rows.append(("next try", Wording.moment(task.nextAttemptAt)))
        } else if task.startBy != nil {
            rows.append(("start by", Wording.moment(task.startBy)))
        }
        return rows
    }

    private static func files(_ files: [TaskFile]) -> String {
        files.map { "\($0.name) (\(Wording.count($0.size, "byte")))" }.joined(separator: ", ")
    }

    /// `0.412 ms` from microseconds.
    static func milliseconds(_ microseconds: Int) -> String {
        let thousandths = String(microseconds % 1000)
        return "\(microseconds / 1000)." + String(repeating: "0", count: 3 - thousandths.count) + thousandths + " ms"
    }

    private static func state(_ task: TaskRecord) -> String {
        var text = task.state.rawValue
        if task.attempt > 1 { text += ", attempt \(task.attempt)" }
        if task.state.isEnd, task.dispatchedAt != nil {
            text += " after \(Wording.span(milliseconds: task.costMilliseconds))"
        }
        return text
    }

    static func section(_ name: String, _ output: TaskRecord.Output) -> [String] {
        guard !output.head.isEmpty || output.dropped > 0 else { return [] }
        var lines = ["\(name):"] + indented(output.head)
        if output.dropped > 0 {
            lines.append("  … \(Wording.count(output.dropped)) bytes dropped …")
            lines += indented(output.tail)
        }
        return lines
    }

    private static func indented(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .reversed().drop { $0.isEmpty }.reversed().map { "  " + $0 }
    }
}
