import ElvesContracts
import ElvesCore

/// Tasks and batches.
extension JSONBuffer {
    mutating func task(_ task: TaskRecord) {
        let result = TaskOutcome(task)
        object { json in
            json.member("id", id: task.id)
            json.member("batch_id", id: task.batchId)
            json.member("app", task.app)
            json.member("function", task.func)
            json.member("param", json: task.param)
            json.key("agent")
            json.object { json in
                json.member("id", id: task.agentId)
                json.member("ip", task.ip)
                json.member("name", task.agentName)
            }
            json.member("state", StateName.of(task.state))
            json.member("attempt", task.attempt)
            json.key("result")
            json.result(result)
            json.member("message", result.message)
            json.member("flag", task.flag)
            json.member("code", orNull: task.code)
            json.member("version", orNull: task.version)
            json.member("exit_code", orNull: task.exitCode)
            json.member("signal", orNull: task.signal)
            json.member("cost_ms", task.costMs)
            json.member("timeout_ms", task.timeoutMs)
            json.output("stdout", task.stdout)
            json.output("stderr", task.stderr)
            json.member("stdout_bytes", orNull: task.stdoutBytes)
            json.member("stderr_bytes", orNull: task.stderrBytes)
            json.member("created_at", time: task.createdAt)
            json.member("dispatched_at", time: task.dispatchedAt)
            json.member("started_at", time: task.startedAt ?? 0)
            json.member("ended_at", time: task.endedAt)
            json.member("start_by", time: task.startBy ?? 0)
            json.member("retries", task.retryRule)
            json.member("next_attempt_at", time: task.nextAttemptAt ?? 0)
            json.member("retry_of", id: task.retryOf ?? 0)
            json.member("files", task.files ?? [])
            json.member("returned", task.returned ?? [])
            json.member("worker", json: task.worker)
            json.member("survivors", task.survivors ?? 0)
            json.member("owner", orNull: task.owner)
            json.member("caller", task.caller)
            json.member("labels", map: task.labels)
            json.member("trace", task.trace)
        }
    }

    private mutating func result(_ outcome: TaskOutcome) {
        switch outcome.result {
        case .none: null()
        case .json(let text): raw(text)
        case .text(let text): string(text)
        }
    }

    private mutating func output(_ name: StaticString, _ output: OutputText) {
        key(name)
        object { json in
            json.member("head", output.head)
            json.member("tail", output.tail)
            json.member("dropped", output.dropped)
        }
    }

    mutating func hops(_ hops: [Hop]) {
        array(hops) { json, hop in
            json.object { json in
                json.member("place", hop.place)
                json.member("event", hop.event)
                json.member("at_us", hop.atMicros)
                json.member("rule", hop.rule)
            }
        }
    }

    mutating func batch(_ batch: BatchRecord) {
        object { json in
            json.member("id", id: batch.id)
            json.member("app", batch.app)
            json.member("function", batch.func)
            json.member("total", batch.total)
            json.key("states")
            json.object { json in
                for (state, count) in batch.states.sorted(by: { $0.key.rawValue < $1.key.rawValue }) where count > 0 {
                    json.key(named: StateName.of(state))
                    json.int(count)
                }
            }
            json.member("concurrency", batch.concurrency)
            json.member("created_at", time: batch.createdAt)
            json.member("ended_at", time: batch.endedAt)
            json.member("labels", map: batch.labels ?? [:])
            json.member("caller", batch.caller)
            json.member("owner", orNull: batch.owner)
            json.member("start_by_ms", batch.startByMs ?? 0)
            json.member("retries", batch.retryRule)
            json.member("files", batch.files ?? [])
            json.key("max_failures")
            json.failureLimit(of: batch)
            json.member("stopping", batch.stopping ?? false)
            json.member("stop_reason", orNull: batch.stopReason)
        }
    }

    /// As the request gave it: a number, or a text such as `5%`.
    private mutating func failureLimit(of batch: BatchRecord) {
        if let number = batch.maxFailures {
            int(number)
        } else if let percent = batch.maxFailurePercent {
            string("\(percent)%")
        } else {
            null()
        }
    }

    /// A rule for new attempts as a request gives it, in seconds.
    mutating func member(_ name: StaticString, _ rule: RetryRule?) {
        key(name)
        guard let rule else { return null() }
        object { json in
            json.member("attempts", rule.attempts)
            json.member("first_delay", seconds: rule.firstDelayMs)
            json.member("longest_delay", seconds: rule.longestDelayMs)
        }
    }

    private mutating func member(_ name: StaticString, seconds milliseconds: Int64) {
        key(name)
        let (whole, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        guard rest > 0 else { return int(whole) }
        let digits = String(rest)
        raw("\(whole)." + String(repeating: "0", count: 3 - digits.count) + digits)
    }

    /// Files of a call, or those that its worker returned.
    mutating func member(_ name: StaticString, _ files: [FileRef]) {
        key(name)
        array(files) { json, file in
            json.object { json in
                json.member("name", file.name)
                json.member("digest", Hex.encode(file.digest))
                json.member("size", file.size)
                let octal = String(file.mode ?? 0o644, radix: 8)
                json.member("mode", String(repeating: "0", count: max(0, 4 - octal.count)) + octal)
            }
        }
    }

    /// Ends alike of a batch's tasks.
    mutating func group(_ group: OutputGroup) {
        object { json in
            json.member("state", StateName.of(group.state))
            json.member("code", orNull: group.code)
            json.member("exit_code", orNull: group.exitCode)
            json.member("text", group.text)
            json.member("count", group.targets.count)
            json.key("targets")
            json.array(zip(group.targets, group.taskIds)) { json, pair in
                json.object { json in
                    json.member("id", id: pair.0.agentId)
                    json.member("ip", pair.0.ip)
                    json.member("name", pair.0.name)
                    json.member("task_id", id: pair.1)
                }
            }
        }
    }
}

/// The word for a state on the wire.
enum StateName {
    static func of(_ state: ElvesContracts.TaskState) -> String {
        ElvesCore.TaskState(rawValue: state.rawValue)?.name ?? "state_\(state.rawValue)"
    }

    /// The state of that word.
    static func parse(_ word: String) throws(ElvesError) -> ElvesContracts.TaskState {
        if let state = ElvesCore.TaskState.allCases.first(where: { $0.name == word }) {
            return ElvesContracts.TaskState(rawValue: state.rawValue)
        }
        let names = ElvesCore.TaskState.allCases.map(\.name)
        let near = Suggestion.phrase(for: word, in: names)
        throw Query.wrong(
            "state",
            "there is no state \"\(word)\"" + (near.isEmpty ? "; there are: " + names.joined(separator: ", ") : near))
    }

    /// Whether nothing follows the state.
    static func isEnd(_ state: ElvesContracts.TaskState) -> Bool { state.rawValue >= 10 }
}

/// What a task's record says came of it: the worker's result, or a message why there is none.
struct TaskOutcome: Sendable {
    enum Result: Sendable {
        case none
        /// The JSON that the worker gave.
        case json(String)
        /// The text of an ELVES 2.0 worker.
        case text(String)
    }

    let result: Result
    let message: String

    init(_ task: TaskRecord) {
        let ownWord = task.state == .succeeded || task.state == .failed
        if let text = task.result {
            result = JSONValue.isJSON(text) ? .json(text) : .text(text)
            message = task.message
        } else if ownWord, task.flag >= 0, !task.message.isEmpty {
            result = .text(task.message)
            message = ""
        } else {
            result = .none
            message = task.message
        }
    }
}
