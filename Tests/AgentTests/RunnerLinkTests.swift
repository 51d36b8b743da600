import ElvesContracts
import ElvesCore
import Logging
import NIOPosix
import Runner
import TestSupport
import Testing
import Thrift
import ThriftNIO

@testable import Agent

/// What the agent says of a task when its runner refuses, breaks off or vanishes.
@Suite struct RunnerLinkTests {
    /// What a played runner does with an order.
    enum Answer: Sendable {
        case fault(ErrorCode)
        case failure(ThriftError)
        /// Runs it as a runner does that knows nothing of counts and copies.
        case earlierVersion
        /// Ends the connection; later it knows the end, or not.
        case hangUp(knowsTheEnd: Bool)
    }

    /// A runner that starts nothing.
    struct Played: RunnerServiceHandler {
        let answer: Answer

        func run(spawn: Spawn, context: CallContext) async throws -> Exit {
            switch answer {
            case .fault(let code): throw ElvesError(code).fault
            case .failure(let error): throw error
            case .earlierVersion:
                return Exit(
                    taskId: spawn.taskId, attempt: spawn.attempt, exitCode: 3,
                    output: Captured(head: Array("abc".utf8), tail: Array("xyz".utf8), dropped: 10), survivors: 2)
            case .hangUp:
                (context.caller as? ThriftConnection)?.close()
                return Exit()
            }
        }

        func kill(taskId: Int64, reason: String, context: CallContext) async throws {}
        func running(context: CallContext) async throws -> [Running] { [] }

        func awaitEnd(taskId: Int64, attempt: Int32, context: CallContext) async throws -> Exit {
            guard case .hangUp(knowsTheEnd: true) = answer else { throw ElvesError(.runnerAttemptUnknown).fault }
            return Exit(taskId: taskId, attempt: attempt, exitCode: 7)
        }

        func copyOutput(taskId: Int64, context: CallContext) async throws {
            throw ThriftError(.unknownMethod, "no method copyOutput")
        }
    }

    /// Serves `handler` where a runner would, while `body` uses a link to it.
    private func withLink<Value: Sendable>(
        _ answer: Answer, strays: Int = 0, _ body: (RunnerLink) async throws -> Value
    ) async throws -> Value {
        let folder = try Folder()
        try folder.agent.prepare()
        var options = ConnectionOptions()
        options.hello.instance = "runner-0"
        let server = ThriftServer(
            [RunnerServiceProcessor(Played(answer: answer))], security: .plaintext(peer: .local), options: options,
            group: MultiThreadedEventLoopGroup.singleton)
        _ = try await server.listen(on: .unix(path: folder.path + "/" + RunnerProcess.socket))
        let link = RunnerLink(
            command: ["/bin/false"], folder: folder.path, group: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "test"), endStrays: { _ in strays })
        let value = try await body(link)
        await server.close()
        return value
    }

    private func result(_ answer: Answer, strays: Int = 0) async throws -> TaskResult {
        try await withLink(answer, strays: strays) { link async throws in
            let history = HistoryHook { 0 }
            let admission = AdmissionHook(running: 1, waiting: 1)
            let tasks = TaskHost(history: history, admission: admission, hooks: [], workers: link) { 0 }
            return try await tasks.run(RunTask(taskId: freshTask(), attempt: 1, app: "app", func: "f"))
        }
    }

    @Test(arguments: [
        (ErrorCode.elvesStopping, ElvesContracts.TaskState.rejected), (.runnerFull, .rejected),
        (.runnerSpawnInvalid, .failed),
    ]) func aRefusalIsPassedOn(code: ErrorCode, state: ElvesContracts.TaskState) async throws {
        let result = try await result(.fault(code))
        #expect(result.state == state && result.code == code.code && result.flag == -1)
    }

    @Test func anAttemptWhoseEndTheRunnerHasForgottenIsUnknown() async throws {
        let result = try await result(.fault(.runnerAttemptTaken))
        #expect(result.state == .unknown && result.code == "agent.restarted")
    }

    @Test func nothingThatWasNotTakenIsUnknown() async throws {
        let full = try await result(.failure(ThriftError(.overloaded, "too much")))
        #expect(full.state == .rejected && full.code == "runner.full")
        let denied = try await result(.failure(ThriftError(.denied, "not you")))
        #expect(denied.state == .failed && denied.code == "agent.worker.spawn")
    }

    @Test func whatMayHaveStartedIsUnknown() async throws {
        let broken = try await result(.failure(ThriftError(.internalError, "it broke")))
        #expect(broken.state == .unknown && broken.code == "agent.runner.lost")
        let lost = try await result(.hangUp(knowsTheEnd: false))
        #expect(lost.state == .unknown && lost.code == "agent.runner.lost")
    }

    @Test func whatOutlivesALostRunnerIsCounted() async throws {
        let lost = try await result(.hangUp(knowsTheEnd: false), strays: 3)
        #expect(lost.survivors == 3 && lost.message.contains("3 of its processes outlived KILL"), "\(lost.message)")
        let none = try await result(.failure(ThriftError(.internalError, "it broke")))
        #expect(none.survivors == 0 && none.message.contains("its processes were killed"), "\(none.message)")
    }

    @Test func aRunnerThatLivesOnIsAskedAgain() async throws {
        let end = try await result(.hangUp(knowsTheEnd: true))
        #expect(end.state == .failed && end.exitCode == 7 && end.code == "agent.worker.exit")
    }

    @Test func aRunnerOfAnEarlierVersionServes() async throws {
        let end = try await result(.earlierVersion)
        #expect(end.state == .failed && end.exitCode == 3 && end.code == "runner.survivors")
        #expect(end.stdoutBytes == 16 && end.stderrBytes == 0 && end.copiedBytes == nil && end.survivors == 2)
        try await withLink(.earlierVersion) { link async throws in
            try await link.start()
            await link.copyOutput(taskId: 1)
        }
    }
}
