package import ElvesCore
internal import Glibc
package import Runner
internal import Synchronization

/// Every attempt that this agent took: written before its worker starts, and again at its end.
///
/// One JSON object a line. A write goes to the kernel before it returns, so it survives the agent's death.
package final class AttemptJournal: Sendable {
    /// An attempt that was taken.
    package struct Start: Sendable, Hashable {
        package var key: AttemptKey
        package var app: String
        package var function: String
        package var version: String
        /// Raw value of the worker protocol.
        package var workerProtocol: Int32
        /// UTC milliseconds by this machine's clock.
        package var at: Int64

        package init(
            key: AttemptKey, app: String, function: String, version: String, workerProtocol: Int32, at: Int64
        ) {
            self.key = key
            self.app = app
            self.function = function
            self.version = version
            self.workerProtocol = workerProtocol
            self.at = at
        }
    }

    private struct State {
        var file: OpenFile
        var taken: Set<AttemptKey>
        var running: [AttemptKey: Start] = [:]
        /// Oldest first, so that memory and file stay bounded.
        var order: [AttemptKey]
        var lines = 0
    }

    /// Attempts whose numbers are remembered.
    private static let remembered = 10_000
    private let path: String
    private let state: Mutex<State>
    /// Attempts that had started and not ended when the journal was opened.
    package let open: [Start]

    /// Opens the journal in `folder`, shortened to what is worth keeping.
    package init(folder: String) throws(ElvesError) {
        let path = folder + "/attempts.jsonl"
        let old = Disk.exists(path) ? try Disk.read(path) : []
        var starts: [AttemptKey: Start] = [:]
        var order: [AttemptKey] = []
        var known: Set<AttemptKey> = []
        for line in old.split(separator: UInt8(ascii: "\n")) {
            // A line that a crash cut short is the last and says nothing.
            guard let value = try? JSONValue(parsing: Array(line)), let key = Self.key(value) else { continue }
            if known.insert(key).inserted { order.append(key) }
            starts[key] = Self.start(value, key)
        }
        order = Array(order.suffix(Self.remembered))
        open = order.compactMap { starts[$0] }
        self.path = path
        let running = Dictionary(uniqueKeysWithValues: open.map { ($0.key, $0) })
        let file = try Self.write(path, order: order, running: running)
        state = Mutex(State(file: file, taken: Set(order), running: running, order: order))
    }

    /// Takes an attempt: false when it was taken before. It is on record when this returns.
    package func begin(_ start: Start) throws(ElvesError) -> Bool {
        let line = Self.line(start)
        return try state.withLock { state throws(ElvesError) in
            guard state.taken.insert(start.key).inserted else { return false }
            do throws(ElvesError) {
                try state.file.append(line)
            } catch {
                state.taken.remove(start.key)
                throw error.code == .agentDiskFull
                    ? error : ElvesError(.agentJournal, error.message, details: error.details)
            }
            state.order.append(start.key)
            state.running[start.key] = start
            state.lines += 1
            // The attempt is on record already: a rewrite that fails is tried again after as many lines.
            if state.lines > Self.remembered {
                state.lines = 0
                try? shorten(&state)
            }
            return true
        }
    }

    private func shorten(_ state: inout State) throws(ElvesError) {
        let surplus = max(0, state.order.count - Self.remembered)
        for key in state.order.prefix(surplus) where state.running[key] == nil { state.taken.remove(key) }
        state.order.removeFirst(surplus)
        state.file = try Self.write(path, order: state.order, running: state.running)
        state.lines = 0
    }

    /// Writes the file anew: a line for each attempt.
    private static func write(
        _ path: String, order: [AttemptKey], running: [AttemptKey: Start]
    ) throws(ElvesError) -> OpenFile {
        var lines: [UInt8] = []
        for key in order where running[key] == nil { lines += line(end: key) }
        for start in running.values { lines += line(start) }
        try Disk.replace(path, with: lines)
        return try OpenFile(path, O_WRONLY | O_APPEND)
    }

    /// Notes that an attempt ended.
    package func end(_ key: AttemptKey, state name: String) {
        let line = Self.line(end: key, state: name)
        state.withLock { state in
            state.running[key] = nil
            try? state.file.append(line)
        }
    }

    private static func line(end key: AttemptKey, state: String = "") -> [UInt8] {
        let text = #"{"end":\#(key.taskId),"attempt":\#(key.attempt),"state":"# + quoted(state) + "}\n"
        return Array(text.utf8)
    }

    private static func line(_ start: Start) -> [UInt8] {
        var text = #"{"start":\#(start.key.taskId),"attempt":\#(start.key.attempt),"app":"# + quoted(start.app)
        text += #","function":"# + quoted(start.function) + #","version":"# + quoted(start.version)
        text += #","protocol":\#(start.workerProtocol),"at":\#(start.at)}"# + "\n"
        return Array(text.utf8)
    }

    private static func quoted(_ text: String) -> String { JSONValue.string(text).text() }

    private static func key(_ value: JSONValue) -> AttemptKey? {
        guard let task = (value["start"] ?? value["end"])?.int, let attempt = value["attempt"]?.int else { return nil }
        return AttemptKey(taskId: task, attempt: Int32(clamping: attempt))
    }

    private static func start(_ value: JSONValue, _ key: AttemptKey) -> Start? {
        guard value["start"] != nil else { return nil }
        return Start(
            key: key, app: value["app"]?.string ?? "", function: value["function"]?.string ?? "",
            version: value["version"]?.string ?? "", workerProtocol: Int32(clamping: value["protocol"]?.int ?? 0),
            at: value["at"]?.int ?? 0)
    }
}
