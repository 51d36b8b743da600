internal import CElvesProcess
internal import ElvesCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The process that the user started: it starts a second `elves up`, the keeper, and waits for it.
///
/// Each of the two cleans up after the other: when this one is killed, the pipe between them closes
/// and the keeper ends everything; when the keeper is killed, its children become this one's, which
/// ends them.
struct UpFront {
    let processes = SystemProcesses()
    let context: CommandContext

    /// Runs the keeper with these arguments to its end.
    func run(_ arguments: [String]) async throws -> CommandStatus {
        elves_ignore_broken_pipes()
        processes.adoptOrphans()
        let signals = StopSignals()
        var ends: (Int32, Int32) = (-1, -1)
        guard
            withUnsafeMutableBytes(
                of: &ends,
                { bytes in
                    bytes.withMemoryRebound(to: Int32.self) { $0.baseAddress.map { elves_pipe($0, 0) } ?? -1 }
                }) == 0
        else { throw DataFolder.failure("open", "a pipe") }
        let spec = ProcessSpec(
            name: "elves up", program: ProgramFinder.ownPath, arguments: arguments + ["--keeper"],
            environment: context.environment, folder: "/")
        let keeper: Int32
        do throws(LaunchProblem) {
            keeper = try processes.launch(
                spec, streams: ProcessStreams(input: ends.0, output: STDOUT_FILENO, error: STDERR_FILENO))
        } catch {
            throw Failure(.cliUpProgram, error.reason)
        }
        close(ends.0)
        return await wait(for: keeper, pipe: ends.1, signals: signals)
    }

    private func wait(for keeper: Int32, pipe: Int32, signals: StopSignals) async -> CommandStatus {
        let clock = ContinuousClock()
        var deadline: ContinuousClock.Instant?
        while true {
            if let end = processes.reap().first(where: { $0.pid == keeper })?.end {
                if deadline == nil { close(pipe) }
                return await finish(end)
            }
            if signals.came, deadline == nil {
                close(pipe)
                deadline = clock.now + StopTimes.all
            }
            if let moment = deadline, moment <= clock.now {
                context.terminal.note("some components did not stop in time; killing them")
                await processes.endDescendants(grace: .zero)
                return .failure
            }
            try? await clock.sleep(for: .milliseconds(25))
        }
    }

    private func finish(_ end: ProcessEnd) async -> CommandStatus {
        switch end {
        case .exit(let code): return CommandStatus(rawValue: code) ?? .failure
        case .signal, .neverStarted:
            context.terminal.note("the keeper of the components ended (\(end)); stopping them")
            await processes.endDescendants(grace: .seconds(3))
            return .failure
        }
    }
}
