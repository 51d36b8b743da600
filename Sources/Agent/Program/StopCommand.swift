internal import ElvesCore
internal import Glibc
internal import Logging
internal import NIOPosix
internal import Runner
internal import Thrift
internal import ThriftNIO

/// The C library's `kill`, where a method of that name hides it.
@discardableResult private func sendSignal(_ signal: Int32, to pid: Int32) -> Int32 { kill(pid, signal) }

/// `elves-agent stop`: ends the agent of the folder that is the working folder.
struct StopCommand {
    /// Longer than the patience for tasks, a usual grace and what ends after it.
    private static let patience = Duration.seconds(60)

    /// Whether the runner and all workers end too.
    let endsAll: Bool

    /// Returns when what should end has ended; answers with what there was to do.
    func run() async throws -> String {
        var said: [String] = []
        if let agent = FolderLock.holder(AgentProcess.lock) {
            sendSignal(endsAll ? SIGINT : SIGTERM, to: agent)
            try await wait(for: agent, "agent")
            said.append("agent \(agent) ended")
        } else {
            said.append("no agent runs")
        }
        guard endsAll else { return said.joined(separator: "; ") + "\n" }
        // The runner of an agent that died, or that was told to leave it.
        if let runner = await Self.runner() {
            sendSignal(SIGTERM, to: runner)
            try await wait(for: runner, "runner")
            said.append("runner \(runner) ended")
        }
        return said.joined(separator: "; ") + "\n"
    }

    private static func runner() async -> Int32? {
        let dialer = ThriftDialer(
            .unix(path: RunnerProcess.socket), security: .plaintext(peer: .local),
            group: MultiThreadedEventLoopGroup.singleton)
        guard let connection = try? await dialer.dial() else { return nil }
        defer { connection.close() }
        return Int32(connection.hello.instance.dropFirst("runner-".count)).flatMap { $0 > 1 ? $0 : nil }
    }

    /// A process has ended when it has no command line: it is gone, or a zombie.
    private func wait(for pid: Int32, _ what: String) async throws {
        let deadline = ContinuousClock.now + Self.patience
        while let line = try? Disk.read("/proc/\(pid)/cmdline"), !line.isEmpty {
            guard ContinuousClock.now < deadline else {
                throw ElvesError(
                    .elvesDeadline, "the \(what), process \(pid), has not ended within \(Self.patience)",
                    hint: "Its log says what it waits for.")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
