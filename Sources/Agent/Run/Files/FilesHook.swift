internal import ElvesContracts
package import ElvesCore
internal import Glibc
internal import Runner
package import Thrift

/// Gives a task its folders, and lays the files of its call into them.
///
/// After the order, before the journal: a call whose files do not come has never started.
package struct FilesHook: TaskHook {
    package var settlesAdopted: Bool { true }
    /// How long files may take to come, if the task may wait so long.
    static let patience = Duration.seconds(60)
    /// The variables that say where a task's folders are.
    static let outputVariable = "ELVES_OUTPUT_DIR"
    static let filesVariable = "ELVES_FILES_DIR"
    /// Bytes of contents that are kept for the next task.
    private static let shelfLimit: Int64 = 256 << 20

    private let folders: TaskFolders
    private let shelf: BlobShelf

    /// - Parameter center: the connection to the scheduler.
    package init(_ folder: AgentFolder, folders: TaskFolders, center: any ThriftCaller) {
        self.folders = folders
        shelf = BlobShelf(
            folder: folder.run + "/blobs", limit: Self.shelfLimit, thread: FileThread(), line: FileLine(center))
    }

    package func prepare(_ run: inout TaskRun) async throws(ElvesError) {
        let files = run.task.files ?? []
        try FileNames.check(files)
        let place = try folders.take(run.key)
        run.order.environment[Self.outputVariable] = place.output
        guard !files.isEmpty else { return }
        do throws(ElvesError) {
            try folders.makeInput(place)
            let startBy = run.startBy
            let deadline = min(.now + Self.patience, startBy ?? .now + Self.patience)
            try await shelf.lay(files, in: place.input, for: run.key, until: deadline)
            if let startBy, startBy <= .now { throw ElvesError(.agentAttemptExpired) }
        } catch {
            folders.release(run.key, isClean: false)
            if error.code != .schedulerTaskCancelled, let startBy = run.startBy, startBy <= .now {
                throw ElvesError(.agentAttemptExpired)
            }
            throw error
        }
        run.order.environment[Self.filesVariable] = place.input
        run.note("files", at: .now)
    }

    package func withdraw(taskId: Int64) async { await shelf.withdraw(taskId: taskId) }

    package func settle(_ run: inout TaskRun) async {
        guard let place = folders.place(of: run.key) else { return }
        let isClean =
            !run.isAdopted && (run.task.files ?? []).isEmpty && (run.result.survivors ?? 0) == 0
            && run.result.state != .unknown && TaskFolders.isUntouched(place)
        folders.release(run.key, isClean: isClean)
    }
}
