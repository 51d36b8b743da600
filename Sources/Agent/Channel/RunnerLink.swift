internal import CElvesProcess
internal import ElvesContracts
internal import ElvesCore
internal import Glibc
package import Logging
package import NIOPosix
package import Runner
internal import Thrift
internal import ThriftNIO

/// The agent's way to its runner: connects to the one that lives, or starts one.
package actor RunnerLink: WorkerRunning {
    private let command: [String]
    private let folder: String
    private let dialer: ThriftDialer
    private let logger: Logger
    private var connection: ThriftConnection?
    private var connecting: Task<ThriftConnection, any Error>?
    private var child: Int32 = -1

    /// `command` starts a runner for this folder; its first word is an absolute path.
    ///
    /// `folder` is the agent's, by a path that is short enough for a socket in it.
    package init(command: [String], folder: String = ".", group: MultiThreadedEventLoopGroup, logger: Logger) {
        self.command = command
        self.folder = folder
        self.logger = logger
        var options = ConnectionOptions()
        options.hello.instance = "agent-\(getpid())"
        options.keepAlive = .seconds(3600)
        dialer = ThriftDialer(
            .unix(path: folder + "/" + RunnerProcess.socket), security: .plaintext(peer: .local), options: options,
            group: group)
    }

    package func run(_ order: WorkerOrder) async throws -> WorkerEnd {
        let connection = try await connected()
        // The runner keeps the time; this is only so that a call cannot hang for ever.
        let patience = (order.timeout ?? .seconds(365 * 86_400)) + order.grace + .seconds(60)
        do {
            let exit = try await RunnerServiceClient(connection).run(
                spawn: Spawn(order), options: CallOptions(timeout: patience))
            return WorkerEnd(exit)
        } catch let fault as Fault {
            throw ElvesError(
                code: fault.code, message: fault.message, hint: fault.hint, retryable: fault.retryable,
                details: fault.details)
        } catch {
            guard !connection.isOpen else { throw error }
            let left = await StrayWorkers.end(order.key)
            throw ElvesError(
                .agentRunnerLost,
                "the runner died while attempt \(order.key.marker) ran"
                    + (left == 0 ? "; its processes were killed" : "; \(left) of its processes outlived KILL"))
        }
    }

    package func kill(taskId: Int64) async throws {
        try await RunnerServiceClient(try await connected()).kill(
            taskId: taskId, reason: "asked", options: CallOptions(timeout: .seconds(120)))
    }

    package func adopt(_ key: AttemptKey) async -> WorkerEnd? {
        guard let connection = try? await connected() else { return nil }
        let exit = try? await RunnerServiceClient(connection).awaitEnd(
            taskId: key.taskId, attempt: key.attempt, options: CallOptions(timeout: .seconds(365 * 86_400)))
        return exit.map(WorkerEnd.init)
    }

    /// Connects, starting a runner if there is none.
    package func start() async throws { _ = try await connected() }

    /// Lets the runner end its workers and itself.
    package func stop() async {
        if child > 0 { Glibc.kill(child, SIGTERM) }
        guard let connection, connection.isOpen else { return }
        // An adopted runner is no child of this process: its number is in its hello.
        if child <= 0, let pid = Int32(connection.hello.instance.dropFirst("runner-".count)), pid > 1 {
            Glibc.kill(pid, SIGTERM)
        }
        await connection.waitForClose()
        if child > 0 { await waitForChild() }
    }

    private func connected() async throws -> ThriftConnection {
        if let connection, connection.isOpen { return connection }
        if let connecting { return try await connecting.value }
        let attempt = Task { try await connect() }
        connecting = attempt
        defer { connecting = nil }
        let connection = try await attempt.value
        self.connection = connection
        return connection
    }

    private func connect() async throws -> ThriftConnection {
        if let living = try? await dialer.dial() {
            logger.info("runner connected", metadata: ["runner": "\(living.hello.instance)"])
            return living
        }
        try startProcess()
        var last: any Error = ElvesError(.agentWorkerSpawn, "the runner did not come up")
        for _ in 0..<200 {
            do {
                let connection = try await dialer.dial()
                logger.info("runner started", metadata: ["runner": "\(connection.hello.instance)"])
                return connection
            } catch {
                last = error
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        throw ElvesError(
            .agentWorkerSpawn, "the runner did not come up: \(last)",
            hint: "run/runner.log in the agent's folder has its last words.", cause: last)
    }

    private func startProcess() throws(ElvesError) {
        if child > 0, elves_reap(child) == 0, Glibc.kill(child, 0) == 0 { return }
        let null = try OpenFile("/dev/null", O_RDWR)
        let log = try OpenFile(folder + "/run/runner.log", O_WRONLY | O_CREAT | O_TRUNC)
        let launched = ProcessStart.detached(command, input: null.descriptor, output: log.descriptor)
        guard launched > 0 else {
            throw ElvesError(
                .agentWorkerSpawn, "cannot start the runner \(command[0]): \(String(cString: strerror(-launched)))")
        }
        child = launched
    }

    private func waitForChild() async {
        for _ in 0..<500 where elves_reap(child) == 0 {
            if Glibc.kill(child, 0) != 0 { break }
            try? await Task.sleep(for: .milliseconds(20))
        }
        child = -1
    }
}
