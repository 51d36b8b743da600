internal import CElvesProcess
internal import ElvesContracts
internal import ElvesCore
internal import Glibc
package import Logging
package import NIOPosix
package import Runner
internal import Thrift
internal import ThriftNIO

/// The C library's `kill`, where a method of that name hides it.
@discardableResult private func sendSignal(_ signal: Int32, to pid: Int32) -> Int32 { kill(pid, signal) }

/// The agent's way to its runner: connects to the one that lives, or starts one.
package actor RunnerLink: WorkerRunning {
    private let command: [String]
    private let folder: String
    private let dialer: ThriftDialer
    private let logger: Logger
    private let endStrays: @Sendable (AttemptKey) async -> Int
    private var connection: ThriftConnection?
    private var connecting: Task<Result<ThriftConnection, ElvesError>, Never>?
    private var child: Int32 = -1
    private var isLeaving = false
    /// Ends what a dead runner left.
    private var clearing: Task<Void, Never>?
    /// A look for a runner that is up.
    private var looking: Task<ThriftConnection?, Never>?
    /// Looks after which a runner that lives had not answered.
    private(set) var silences = 0
    private static let pause = Duration.milliseconds(100)

    /// `command` starts a runner for this folder; its first word is an absolute path.
    ///
    /// `folder` is the agent's, by a path that is short enough for a socket in it; `patience` is how long a runner may
    /// take to answer a connection before it is dialled again; `endStrays` ends what a runner that died left of an
    /// attempt.
    package init(
        command: [String], folder: String = ".", patience: Duration = .seconds(10), group: MultiThreadedEventLoopGroup,
        logger: Logger,
        endStrays: @escaping @Sendable (AttemptKey) async -> Int = { await StrayWorkers.end($0) }
    ) {
        self.command = command
        self.folder = folder
        self.logger = logger
        self.endStrays = endStrays
        var options = ConnectionOptions()
        options.hello.instance = "agent-\(getpid())"
        options.keepAlive = .seconds(3600)
        options.helloTimeout = patience
        dialer = ThriftDialer(
            .unix(path: folder + "/" + RunnerProcess.socket), security: .plaintext(peer: .local), options: options,
            group: group)
    }

    /// The runner's process, while one is connected.
    package var pid: Int32? {
        guard let connection, connection.isOpen else { return nil }
        return Int32(connection.hello.instance.dropFirst("runner-".count)).flatMap { $0 > 1 ? $0 : nil }
    }

    package func run(_ order: WorkerOrder) async throws -> WorkerEnd {
        if let end = try await send(order, over: try await connected()) { return end }
        // The connection was gone before the order left: nothing has started, so it may go out again.
        if let end = try await send(order, over: try await connected()) { return end }
        throw ElvesError(.agentWorkerSpawn, "the runner's connection ended again before the worker started")
    }

    package func kill(taskId: Int64) async throws {
        // Longer than any grace: the runner bounds it.
        try await RunnerServiceClient(try await connected()).kill(
            taskId: taskId, reason: "asked", options: CallOptions(timeout: .seconds(3720)))
    }

    package func adopt(_ key: AttemptKey) async -> WorkerEnd? {
        if let end = await end(of: key) { return end }
        await restIfLeaving()
        // Also what hides from a search by marker.
        if !RunnerProcess.isAlive(root: folder) { await clearGroups() }
        return nil
    }

    package func endStrays(of key: AttemptKey) async -> Int { await endStrays(key) }

    package func copyOutput(taskId: Int64) async {
        guard let connection, connection.isOpen else { return }
        // A runner of an earlier version cannot: its answers hold what there is.
        try? await RunnerServiceClient(connection).copyOutput(taskId: taskId)
    }

    /// Connects, starting a runner if there is none.
    package func start() async throws { _ = try await connected() }

    /// The agent is about to go, and its runner stays: who waits for an end hears no more from here on, and the runner
    /// keeps it for the next agent.
    package func leave() async {
        isLeaving = true
        guard let connection else { return }
        connection.close()
        await connection.waitForClose()
    }

    private func restIfLeaving() async {
        while isLeaving { try? await Task.sleep(for: .seconds(3600)) }
    }

    /// Lets the runner end its workers and itself.
    package func stop() async {
        if child > 0 { sendSignal(SIGTERM, to: child) }
        guard let connection, connection.isOpen else { return }
        // The runner need be no child of this process, even when it started one: its number is in its hello.
        if let pid, pid != child { sendSignal(SIGTERM, to: pid) }
        await connection.waitForClose()
        if child > 0 { await waitForChild() }
    }

    // MARK: Orders

    /// Has the runner run a worker; nil when the order never left, so that nothing can have started.
    ///
    /// - Throws: what the runner refused, or `agent.runner.lost` when nobody can say how the attempt ended.
    private func send(_ order: WorkerOrder, over connection: ThriftConnection) async throws(ElvesError) -> WorkerEnd? {
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
        } catch let error as ThriftError {
            await restIfLeaving()
            switch error.code {
            case .notConnected: return nil
            case .overloaded: throw ElvesError(.runnerFull, error.message)
            case .tooLarge, .denied, .unknownMethod, .refused:
                throw ElvesError(.agentWorkerSpawn, "the runner did not take the order: \(error.message)", cause: error)
            case .connectionLost:
                // The runner may live on and know the end; only then is its worker left alone.
                if let end = await end(of: order.key) { return end }
                await restIfLeaving()
                throw await lost(order.key, "the runner died while attempt \(order.key.marker) ran", error)
            default:
                throw await lost(
                    order.key, "the runner does not say how attempt \(order.key.marker) ended: \(error.message)", error)
            }
        } catch {
            throw await lost(order.key, "attempt \(order.key.marker) has no known end: \(error)", error)
        }
    }

    /// Ends what is left of an attempt whose end nobody knows.
    private func lost(_ key: AttemptKey, _ what: String, _ cause: any Error) async -> ElvesError {
        await clearGroups()
        let left = await endStrays(of: key)
        let rest = left == 0 ? "; its processes were killed" : ""
        return .lost(.agentRunnerLost, what + rest, survivors: left, cause: cause)
    }

    /// Ends everything in the cgroups of a runner that is dead: also what hides from a search by marker.
    private func clearGroups() async {
        if let clearing { return await clearing.value }
        // Off this actor: it looks at files, and others have orders meanwhile.
        let clearing = Task.detached { [folder] in _ = await StrayGroups.endIfAlone(root: folder) }
        self.clearing = clearing
        await clearing.value
        self.clearing = nil
    }

    /// Waits for the end of a worker that runs already; nil when the runner does not know it, or is dead.
    ///
    /// A runner that lives is asked until it answers: while it stands still its workers may go on, and it will know
    /// their ends.
    private func end(of key: AttemptKey) async -> WorkerEnd? {
        while !isLeaving, !Task.isCancelled {
            if let living = await living() {
                do {
                    let exit = try await RunnerServiceClient(living).awaitEnd(
                        taskId: key.taskId, attempt: key.attempt, options: CallOptions(timeout: .seconds(365 * 86_400)))
                    return WorkerEnd(exit)
                } catch let error as ThriftError {
                    // What ended is the connection, or there are too many calls on it for now.
                    guard [.connectionLost, .notConnected, .overloaded].contains(error.code) else { return nil }
                } catch {
                    return nil
                }
            }
            guard RunnerProcess.isAlive(root: folder) else { return nil }
            silences += 1
            try? await Task.sleep(for: Self.pause)
        }
        return nil
    }

    // MARK: Connecting

    private func connected() async throws(ElvesError) -> ThriftConnection {
        if let connection, connection.isOpen { return connection }
        if let connecting { return try await connecting.value.get() }
        let attempt = Task { () async -> Result<ThriftConnection, ElvesError> in
            do throws(ElvesError) { return .success(try await connect()) } catch { return .failure(error) }
        }
        connecting = attempt
        defer { connecting = nil }
        let connection = try await attempt.value.get()
        self.connection = connection
        return connection
    }

    /// The connection to a runner that is up already; nil when there is none.
    private func living() async -> ThriftConnection? {
        if let connection, connection.isOpen { return connection }
        if let connecting { return try? await connecting.value.get() }
        if let looking { return await looking.value }
        let look = Task { [dialer] in try? await dialer.dial() }
        looking = look
        let fresh = await look.value
        looking = nil
        guard let fresh else { return nil }
        if isLeaving || connection?.isOpen == true {
            fresh.close()
            return isLeaving ? nil : connection
        }
        connection = fresh
        return fresh
    }

    private func connect() async throws(ElvesError) -> ThriftConnection {
        if let living = try? await dialer.dial() {
            logger.info("runner connected", metadata: ["runner": "\(living.hello.instance)"])
            return living
        }
        var last: any Error = ElvesError(.agentWorkerSpawn, "the runner did not come up")
        var isStarted = false
        for _ in 0..<200 {
            // One that lives and does not answer stands still: another cannot take its place.
            if !isStarted, !RunnerProcess.isAlive(root: folder) {
                try startProcess()
                isStarted = true
            }
            do {
                let connection = try await dialer.dial()
                logger.info("runner started", metadata: ["runner": "\(connection.hello.instance)"])
                return connection
            } catch {
                last = error
                try? await Task.sleep(for: .milliseconds(20))
            }
        }
        throw ElvesError(
            .agentWorkerSpawn, "the runner did not come up: \(last)",
            hint: "run/runner.log in the agent's folder has its last words.", cause: last)
    }

    private func startProcess() throws(ElvesError) {
        if child > 0, elves_reap(child) == 0, sendSignal(0, to: child) == 0 { return }
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
            if sendSignal(0, to: child) != 0 { break }
            try? await Task.sleep(for: .milliseconds(20))
        }
        child = -1
    }
}
