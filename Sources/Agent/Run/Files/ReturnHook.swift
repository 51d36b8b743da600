internal import ElvesContracts
internal import ElvesCore
internal import Runner
package import Thrift

/// Sends the files that a worker returns, before its result is told.
///
/// After the journal, so that its `settle` comes before the end is written: the result waits for its files. Runs for
/// adopted attempts, too. What an agent's death interrupts, the next one does again.
package struct ReturnHook: TaskHook {
    package var settlesAdopted: Bool { true }
    private let folders: TaskFolders
    private let line: FileLine
    private let thread = FileThread()
    private let patience: Duration

    /// - Parameters:
    ///   - center: the connection to the scheduler.
    ///   - patience: how long a result waits for its files.
    package init(_ folders: TaskFolders, center: any ThriftCaller, patience: Duration = .seconds(60)) {
        self.folders = folders
        self.patience = patience
        line = FileLine(center)
    }

    package func settle(_ run: inout TaskRun) async {
        guard let place = folders.place(of: run.key), !TaskFolders.isUntouched(place) else { return }
        if run.isAdopted, run.result.state == .unknown, let kept = Self.kept(place, run) { run.result = kept }
        let returned = await look(at: place)
        guard !returned.files.isEmpty || !returned.problems.isEmpty else { return }
        await keep(run.result, in: place)
        var problems = returned.problems
        let deadline = ContinuousClock.now + patience
        do {
            for file in returned.files {
                try await line.put(file.ref, of: run.key, until: deadline) { [thread] offset, length in
                    try await thread.run { () throws(ElvesError) in try file.open.read(at: offset, length: length) }
                }
            }
            run.result.files = returned.files.isEmpty ? nil : returned.files.map(\.ref)
        } catch {
            let reason = (error as? ElvesError)?.message ?? CenterTrouble.text(error)
            problems.append("the center did not take them within \(DurationText.format(patience)): \(reason)")
        }
        guard !problems.isEmpty else { return }
        let text = "returned files: " + problems.prefix(5).joined(separator: "; ")
        run.result.message += run.result.message.isEmpty ? text : "; " + text
        if run.result.code.isEmpty { run.result.code = ErrorCode.agentFilesReturned.code }
    }

    private func look(at place: TaskFolders.Place) async -> ReturnedFiles {
        do throws(ElvesError) {
            return try await thread.run { () throws(ElvesError) in ReturnedFiles(in: place.output) }
        } catch {
            return ReturnedFiles(in: place.output)
        }
    }

    /// Keeps the end while its files travel: the runner has told it, and the journal does not have it yet.
    private func keep(_ result: TaskResult, in place: TaskFolders.Place) async {
        var writer = ThriftWriter(.compact)
        result.write(to: &writer)
        let bytes = writer.bytes()
        // Without it only a death of this process at this very time would lose the end.
        try? await thread.run { () throws(ElvesError) in try Disk.replace(place.result, with: bytes) }
    }

    /// The end that the agent before this one knew.
    private static func kept(_ place: TaskFolders.Place, _ run: TaskRun) -> TaskResult? {
        guard let bytes = try? Disk.read(place.result),
            let result = try? ThriftReader.reading(
                bytes, as: .compact, { reader throws(ThriftError) in try TaskResult(from: &reader) }),
            result.taskId == run.key.taskId, result.attempt == run.key.attempt
        else { return nil }
        return result
    }
}
