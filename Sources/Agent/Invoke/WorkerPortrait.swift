internal import ElvesContracts
internal import ElvesCore
internal import Runner
internal import Synchronization

/// How the workers of each function are started, as JSON text for people: command, folder, umask, locale, environment.
///
/// What is the same for every call: no parameter, and of variables whose values are a task's own only the names.
/// Written once for a function of a version.
final class WorkerPortrait: Sendable {
    private struct Key: Hashable {
        var app: String
        var digest: [UInt8]
        var function: String
        var proxy: String
    }

    private struct Entry {
        var folder: String
        var command: [String]
        var text: String
    }

    /// Functions whose texts are kept.
    private static let keptCount = 256
    /// Variables whose values are a task's own, also those that a later step adds, and what is shown for them.
    private static let ownVariables = [
        "ELVES_TASK": "<of the task>", "ELVES_TASK_ID": "<of the task>", FilesHook.outputVariable: "<of the task>",
        FilesHook.filesVariable: "<of the task, when its call has files>",
    ]
    private let locale: String
    private let texts = Mutex<[Key: Entry]>([:])

    init(locale: String) { self.locale = locale }

    /// The text for a task whose order is complete; `words`: how many of its command are the same for all calls.
    func text(of run: TaskRun, words: Int) -> String {
        let key = Key(
            app: run.task.app, digest: run.app?.treeDigest ?? [], function: run.task.func, proxy: run.task.proxy ?? "")
        return texts.withLock { texts in
            // The live link may have been switched to another version meanwhile.
            if let known = texts[key], known.folder == run.order.workingFolder,
                known.command.elementsEqual(run.order.command.prefix(words))
            {
                return known.text
            }
            if texts.count >= Self.keptCount { texts = [:] }
            let text = describe(run.order, words: words)
            texts[key] = Entry(
                folder: run.order.workingFolder, command: Array(run.order.command.prefix(words)), text: text)
            return text
        }
    }

    private func describe(_ order: WorkerOrder, words: Int) -> String {
        var environment = JSONObject()
        let shown = order.environment.merging(Self.ownVariables) { _, own in own }
        for (name, value) in shown.sorted(by: { $0.key < $1.key }) { environment[name] = .string(value) }
        let digits = String(order.umask, radix: 8)
        let umask = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
        var object = JSONObject()
        object["command"] = .array(order.command.prefix(words).map { .string($0) })
        object["folder"] = .string(order.workingFolder)
        object["umask"] = .string(umask)
        object["locale"] = .string(locale)
        object["environment"] = .object(environment)
        return JSONValue.object(object).text()
    }
}
