internal import Logging
internal import Runner
internal import Thrift

/// The hooks around what travels beside a task and its result: files of the call, files that come back, output.
struct TravelHooks: Sendable {
    /// To be run as a part of the process.
    let feeder: OutputFeeder
    /// A call whose files do not come has never started.
    let beforeJournal: [any TaskHook]
    /// A result is complete when what belongs to it is at the center.
    let afterJournal: [any TaskHook]

    /// - Parameter open: attempts that may still run, from an earlier life of this process.
    init(
        _ folder: AgentFolder, open: [AttemptKey], stored: Int64 = 256 << 20, center: any ThriftCaller,
        rest: @escaping Rest = Resting.byClock
    ) throws {
        let folders = try TaskFolders(folder, open: open)
        feeder = OutputFeeder(
            folder, open: open, center: center, stored: stored, rest: rest, logger: Logger(label: "output"))
        beforeJournal = [FilesHook(folder, folders: folders, center: center)]
        // The files first: an end that an earlier life of this process knew lies beside them.
        afterJournal = [OutputHook(feeder), ReturnHook(folders, center: center)]
    }
}
