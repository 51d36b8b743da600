internal import ElvesContracts
package import ElvesCore
internal import Glibc
internal import Runner
internal import Thrift

/// Writes the worker's order: command, environment, request, limits; makes the app's state folder.
///
/// May run any number of times.
package struct OrderHook: TaskHook {
    /// What applies to every worker of an agent.
    package struct Settings: Sendable {
        /// Used when neither the caller nor the manifest says how long.
        package var defaultTimeout: Duration = .seconds(90)
        /// Between TERM and KILL.
        package var grace: Duration = .seconds(5)
        /// Bytes of each output that are kept of a worker with the JSON protocol.
        package var outputLimit = 64 << 10
        /// Bytes that are kept of an ELVES 2.0 worker, whose result is among them.
        package var taggedOutputLimit = (1 << 20) + (64 << 10)
        /// Bytes of descriptor 3.
        package var resultLimit = 1 << 20
        /// `HOME` and `TZ` of workers.
        package var home = "/"
        package var timeZone = ":/etc/localtime"
        /// `LANG` of workers.
        package var locale = "C.UTF-8"
        /// File mode bits that workers' files are made without.
        package var umask: UInt32 = 0o022
        /// Bytes of a worker's outputs that are copied for the center; 0: no copies.
        package var outputBytes: Int64 = 0
        /// Bytes of copies in the agent's folder; when there are more none is made.
        package var outputTotal: Int64 = 256 << 20

        package init() {}
    }

    private let folder: AgentFolder
    private let interpreters: Interpreters
    private let settings: Settings
    private let portrait: WorkerPortrait
    private let room: CopyRoom
    /// How long a worker runs before its output is copied, however short it is.
    private static let copyAfter = Duration.milliseconds(200)

    package init(folder: AgentFolder, interpreters: Interpreters, settings: Settings) {
        self.folder = folder
        self.interpreters = interpreters
        self.settings = settings
        portrait = WorkerPortrait(locale: settings.locale)
        room = CopyRoom(folder: folder.outputs, limit: settings.outputTotal)
    }

    package func prepare(_ run: inout TaskRun) async throws(ElvesError) {
        guard let app = run.app else { return }
        let task = run.task
        let command = try Command(task, of: app, in: folder, interpreters: interpreters)
        let state = folder.state(of: task.app)
        if !Disk.exists(state) { try Disk.makeFolders(state) }
        let timeout = timeout(of: task, in: app)
        run.order.command = command.words
        run.order.workingFolder = command.workingFolder
        run.order.timeout = timeout
        run.order.grace = settings.grace
        run.order.umask = settings.umask
        run.order.copy = copy(of: run)
        run.order.environment = [
            "ELVES_TASK_ID": Hex.encode(UInt64(bitPattern: task.taskId)), "ELVES_APP": task.app,
            "ELVES_FUNCTION": task.func, "ELVES_STATE_DIR": state, "PATH": interpreters.path, "LANG": settings.locale,
            "HOME": settings.home, "TZ": settings.timeZone,
        ]
        run.result.worker = portrait.text(of: run, words: command.fixedCount)
        guard app.manifest.workerProtocol == .json else {
            run.order.outputLimit = settings.taggedOutputLimit
            return
        }
        run.order.outputLimit = settings.outputLimit
        run.order.resultLimit = settings.resultLimit
        run.order.input = try Self.request(task, timeout: timeout)
    }

    private func copy(of run: TaskRun) -> OutputCopyOrder? {
        guard settings.outputBytes > 0, room.hasRoom else { return nil }
        return OutputCopyOrder(
            path: folder.outputs + "/" + run.key.marker + ".out", limit: settings.outputBytes, after: Self.copyAfter)
    }

    private func timeout(of task: RunTask, in app: ShelvedApp) -> Duration? {
        if let asked = task.timeoutMs { return asked > 0 ? .milliseconds(asked) : nil }
        let declared = app.manifest.functions.first { $0.name == task.func }?.timeoutMs ?? 0
        return declared > 0 ? .milliseconds(declared) : settings.defaultTimeout
    }

    /// `{"task","app","function","param","timeout_ms"}` and a line break; the parameter as the caller wrote it.
    private static func request(_ task: RunTask, timeout: Duration?) throws(ElvesError) -> [UInt8] {
        let param = task.param ?? "null"
        do throws(JSONError) {
            try JSONValue.check(param)
        } catch {
            throw ElvesError(.elvesJsonInvalid, "the parameter is not JSON: \(error)")
        }
        let id = Hex.encode(UInt64(bitPattern: task.taskId))
        let head =
            "{\"task\":\"\(id)\",\"app\":\(JSONValue.string(task.app)),\"function\":\(JSONValue.string(task.func))"
        let tail = ",\"param\":\(param),\"timeout_ms\":\(timeout?.wholeMilliseconds ?? 0)}\n"
        return Array((head + tail).utf8)
    }
}
