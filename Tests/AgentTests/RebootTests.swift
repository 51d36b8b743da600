import CElvesProcess
import ElvesContracts
import ElvesCore
import Glibc
import Identity
import NIOPosix
import Runner
import Synchronization
import TestSupport
import Testing
import Thrift
import ThriftNIO

@testable import Agent

/// A real agent and runner whose machine goes down and comes up again, without what was not synced.
///
/// The kernel's boot id is replaced by another in a mount namespace of the agent's own.
@Suite(.enabled(if: BootedAgent.isPermitted, "mounting needs root"), .timeLimit(.minutes(3))) struct RebootTests {
    private static let script = """
        echo started >> $ELVES_STATE_DIR/$ELVES_TASK_ID
        case $ELVES_FUNCTION in
            quick) printf '"done"' >&3 ;;
            wait) while :; do sleep 0.05; done ;;
        esac
        """

    private func ask(_ function: String, durable: Bool = false) -> RunTask {
        RunTask(taskId: freshTask(), attempt: 1, app: "app", func: function, timeoutMs: 0, durable: durable)
    }

    private func code(_ body: () async throws -> TaskResult) async throws -> String {
        do { return "\(try await body().state)" } catch let fault as Fault { return fault.code }
    }

    /// `torn`: half a record of what was not synced is left.
    @Test(arguments: [false, true]) func nothingStartsAgainAndWhatWasSyncedArrives(torn: Bool) async throws {
        let machine = try await BootedAgent(
            Package(entry: ["sh", "worker.sh"], functions: ["quick", "wait"], ["worker.sh": Self.script]))
        let (endless, answered, last) = (
            ask("wait", durable: true), ask("quick", durable: true), ask("wait", durable: true)
        )
        let (unsynced, forgotten) = (ask("wait"), ask("quick"))

        // What is durable, and all before it, is on the disk when its worker starts.
        var agent = try await machine.start(boot: "first")
        machine.run(endless)
        try await machine.starts(endless)
        #expect(try await agent.run(task: answered).result == "\"done\"")
        machine.run(last)
        try await machine.starts(last)
        let synced = try #require(Disk.size(machine.segment))
        machine.run(unsynced)
        try await machine.starts(unsynced)
        #expect(try await agent.run(task: forgotten).result == "\"done\"")
        #expect(try #require(Disk.size(machine.segment)) > synced + 20)

        await machine.powerFails(for: [endless, last, unsynced])
        truncate(machine.segment, off_t(synced) + (torn ? 20 : 0))
        machine.center.state.withLock { $0.records = true }
        agent = try await machine.start(boot: "second")

        // What was synced arrives; what had been started and has no end is unknown.
        try await machine.center.hears(of: [endless, answered, last])
        let heard = machine.center.state.withLock { $0.results }
        #expect(heard[answered.taskId]?.state == .succeeded && heard[answered.taskId]?.result == "\"done\"")
        for task in [endless, last] {
            #expect(heard[task.taskId]?.state == .unknown && heard[task.taskId]?.code == "agent.restarted")
        }
        #expect(heard.count == 3)

        // Asked again, nothing of it starts.
        for var task in [endless, answered, last] {
            task.again = true
            let again = task
            // As soon as it has heard that its word is recorded; until then it answers with that.
            #expect(
                try await eventually {
                    (try? await code { try await agent.run(task: again) }) == "agent.attempt.taken"
                })
        }
        for task in [unsynced, forgotten] {
            let word = try await code { try await agent.resume(attempt: AttemptRef(taskId: task.taskId, attempt: 1)) }
            #expect(word == (torn ? "agent.attempt.forgotten" : "agent.attempt.unknown"))
            guard torn else { continue }
            var again = task
            again.again = true
            #expect(try await code { try await agent.run(task: again) } == "agent.attempt.forgotten")
        }
        for task in [endless, answered, last, unsynced, forgotten] { #expect(machine.starts(of: task) == 1) }

        // And it works on.
        let next = ask("quick", durable: true)
        #expect(try await agent.run(task: next).state == .succeeded && machine.starts(of: next) == 1)
        await machine.powerFails(for: [])
    }
}
