package import ElvesContracts
package import ElvesCore
package import Thrift

/// Serves `RunnerService` by a worker host.
package struct RunnerHandler: RunnerServiceHandler {
    private let host: WorkerHost

    /// Creates the handler.
    package init(_ host: WorkerHost) { self.host = host }

    package func run(spawn: Spawn, context: CallContext) async throws -> Exit {
        guard spawn.command.first?.hasPrefix("/") == true else {
            throw ElvesError(.runnerSpawnInvalid, "the program's path is not absolute").fault
        }
        return Exit(try await asFault { try await host.run(WorkerOrder(spawn)) })
    }

    package func kill(taskId: Int64, reason: String, context: CallContext) async throws {
        await host.kill(taskId: taskId)
    }

    package func running(context: CallContext) async throws -> [Running] {
        await host.running().map {
            Running(
                taskId: $0.key.taskId, attempt: $0.key.attempt, pid: $0.pid, ageMs: $0.age.wholeMilliseconds)
        }
    }

    package func awaitEnd(taskId: Int64, attempt: Int32, context: CallContext) async throws -> Exit {
        Exit(try await asFault { try await host.end(of: AttemptKey(taskId: taskId, attempt: attempt)) })
    }

    package func copyOutput(taskId: Int64, context: CallContext) async throws {
        await host.copyOutput(taskId: taskId)
    }

    private func asFault<Value>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let refusal as HostRefusal { throw refusal.error.fault }
    }
}

extension HostRefusal {
    /// The registry's word for it.
    package var error: ElvesError {
        switch self {
        case .alreadyStarted(let key): ElvesError(.runnerAttemptTaken, "attempt \(key.marker) was started before")
        case .unknownAttempt(let key): ElvesError(.runnerAttemptUnknown, "no worker of attempt \(key.marker) is known")
        case .stopping: ElvesError(.elvesStopping, "the runner is stopping")
        }
    }
}

extension ElvesError {
    /// The form that services declare.
    package var fault: Fault {
        Fault(code: code.code, message: message, hint: hint, retryable: isRetryable, details: details)
    }
}
