internal import ElvesContracts
internal import ElvesCore
internal import Runner

/// The journal of agents before segments: `attempts.jsonl`, a JSON object a line.
enum OldJournal {
    /// Adds what the file says; a line that a crash cut short says nothing.
    static func read(_ path: String, into image: inout JournalImage) throws(ElvesError) {
        for line in try Disk.read(path).split(separator: UInt8(ascii: "\n")) {
            guard let value = try? JSONValue(parsing: Array(line)),
                let task = (value["start"] ?? value["end"])?.int, let attempt = value["attempt"]?.int
            else { continue }
            let key = AttemptKey(taskId: task, attempt: Int32(clamping: attempt))
            if value["start"] != nil {
                image.take(
                    TakenAttempt(
                        key: key, app: value["app"]?.string ?? "", function: value["function"]?.string ?? "",
                        version: value["version"]?.string ?? "",
                        workerProtocol: Int32(clamping: value["protocol"]?.int ?? 0), at: value["at"]?.int ?? 0))
            } else {
                let name = value["state"]?.string
                let state = (0..<32).lazy.map(TaskState.init(rawValue:)).first { $0.name == name && name != nil }
                // Its result was never kept: whoever asked has been answered.
                let ended = EndedAttempt(
                    state: state ?? TaskState(rawValue: 0), isDurable: false, wasStarted: true,
                    takenAt: image.open[key]?.at ?? 0)
                image.note(RecordedAttempt(key: key, ended: ended))
            }
        }
    }
}
