internal import ElvesContracts
internal import ElvesCore
internal import Synchronization
internal import Thrift
internal import ThriftNIO

/// Reads the results cursor as a queue would, and the events, from the first to the last.
final class EndReader: Sendable {
    private struct State {
        var results: [Evidence.Result] = []
        var owned: Set<String> = []
        var events: [Evidence.Result] = []
        var isCaughtUp = false
    }

    private let results: SchedulerServiceClient
    private let events: SchedulerServiceClient
    private let state = Mutex(State())

    init(results: ThriftClient, events: ThriftClient) {
        self.results = SchedulerServiceClient(results)
        self.events = SchedulerServiceClient(events)
    }

    /// Tasks whose results came.
    var owned: Set<String> { state.withLock { $0.owned } }
    /// Whether there were no more events when it last asked.
    var isCaughtUp: Bool { state.withLock { $0.isCaughtUp } }
    var all: ([Evidence.Result], [Evidence.Result]) { state.withLock { ($0.results, $0.events) } }

    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.readResults() }
            group.addTask { await self.readEvents() }
        }
    }

    private func readResults() async {
        var after: Int64 = 0
        while !Task.isCancelled {
            let page = try? await results.results(
                owner: FaultLoad.owner, after: after, limit: 1000, waitMs: 1_000,
                options: CallOptions(timeout: .seconds(10)))
            guard let page else {
                try? await Task.sleep(for: .milliseconds(100))
                continue
            }
            after = page.nextAfter
            state.withLock { state in
                for task in page.tasks {
                    let result = Evidence.Result(task.id, task.state.rawValue)
                    state.results.append(result)
                    state.owned.insert(result.task)
                }
            }
        }
    }

    private func readEvents() async {
        var after: Int64 = 0
        while !Task.isCancelled {
            let page = try? await events.events(
                after: after, limit: 1000, waitMs: 1_000, options: CallOptions(timeout: .seconds(10)))
            guard let page else {
                try? await Task.sleep(for: .milliseconds(100))
                continue
            }
            after = page.nextAfter
            state.withLock { state in
                state.isCaughtUp = page.events.isEmpty
                for event in page.events where event.kind == "task.ended" {
                    state.events.append(Evidence.Result(event.taskId, event.state))
                }
            }
        }
    }
}

extension Evidence.Result {
    fileprivate init(_ id: Int64, _ state: Int32) {
        self.init(task: Hex.encode(UInt64(bitPattern: id)), state: ElvesCore.TaskState(rawValue: state) ?? .unknown)
    }
}
