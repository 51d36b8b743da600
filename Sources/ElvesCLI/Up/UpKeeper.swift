internal import CElvesProcess
internal import ElvesClient
internal import ElvesCore
internal import Foundation

/// The process behind `elves up` that starts the components, keeps them running and stops them.
struct UpKeeper: Sendable {
    let context: CommandContext
    let options: UpOptions

    func run() async throws {
        elves_ignore_broken_pipes()
        let processes = SystemProcesses()
        processes.adoptOrphans()
        let signals = StopSignals()
        let parent = ParentPipe(descriptor: 0)
        let lock = try DataLock(options.folder)
        lock.note(pid: getppid())
        guard LoopbackPort.isFree(options.port) else {
            throw Failure(
                .cliUpPort, "port \(options.port) of 127.0.0.1 is in use",
                hint: "choose another --port, or 0 for a free one", status: .usage)
        }
        let terminal = context.terminal
        let plan = try await UpPlan.make(
            options, environment: context.environment, now: context.now(), note: { terminal.note($0) })
        let logs = try openLogs(plan.processes)
        let keeper = ProcessKeeper(plan.processes, logs: logs, launcher: processes) { terminal.note($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await keeper.run { signals.came || parent.isClosed } }
            group.addTask { try await becomeReady(plan, keeper) }
            // The keeper's end is the end; a center that cannot get ready is stopped first.
            var problem: (any Error)?
            while let result = await group.nextResult() {
                if case .failure(let error) = result {
                    if !(error is CancellationError) { problem = problem ?? error }
                    await keeper.stop()
                }
                if await keeper.isDone { group.cancelAll() }
            }
            if let problem { throw problem }
        }
        withExtendedLifetime(lock) {}
    }

    private func openLogs(_ processes: [ProcessSpec]) throws -> [String: LogFile] {
        try options.folder.make("logs")
        return try Dictionary(
            processes.map { ($0.name, try LogFile(path: options.folder.log($0.name))) }
        ) { first, _ in first }
    }

    private func becomeReady(_ plan: UpPlan, _ keeper: ProcessKeeper) async throws {
        guard let url = URL(string: options.url), let token = plan.credentials.token else { return }
        let center = ElvesCenter(url: url, credentials: .token(token))
        let terminal = context.terminal
        let readiness = CenterReadiness(center: center, addresses: options.agentAddresses) { terminal.note($0) }
        try await readiness.waitForAgents()
        await keeper.becameReady()
        if let apps = options.apps {
            let placement = AppPlacement(center: center) { terminal.note($0) }
            try await readiness.waitForApps(try await placement.place(appsIn: apps))
        }
        try SettingsLookup(context).remember(dataFolder: options.folder.root)
        terminal.print("ready \(options.url)")
    }
}
