import ElvesContracts
import ElvesCore
import Hummingbird

/// `/api/v2/rt/exec`: runs a function on one agent and waits for its end.
struct V2ExecRoute: Sendable {
    /// Milliseconds that a worker may run unless the caller says otherwise.
    static let defaultTimeoutMs: Int64 = 90_000
    /// Milliseconds beyond the worker's time for sending, starting and stopping.
    static let allowanceMs: Int64 = 20_000

    /// Errors after which it is certain that no worker was started.
    private static let notSent: Set<ErrorCode> = [
        .schedulerAgentUnreachable, .channelUnreachable, .channelOverloaded, .elvesOverloaded,
    ]
    /// Errors after which nobody knows.
    private static let perhapsSent: Set<ErrorCode> = [.channelClosed, .elvesDeadline]

    let scheduler: any SchedulerPort
    let callables: Callables
    let limits: EdgeLimits

    func routes(_ gateway: V2Gateway) -> [Route] {
        gateway.routes("/api/v2/rt/exec", Self.description, execute)
    }

    @Sendable private func execute(_ call: V2Call) async throws -> Response {
        let request = try request(of: call.parameters)
        let timeout = request.timeoutMs ?? 0
        let waitMs = timeout == 0 ? limits.waitMs : min(timeout + Self.allowanceMs, limits.waitMs)
        let port = call.port.answering(within: waitMs, since: call.arrival)
        do {
            return answer(
                try await scheduler.execute(request, waitMs: port.left(of: waitMs), port.waiting(waitMs)))
        } catch let error as ElvesError where Self.notSent.contains(error.code) {
            return refusal(.unreachable, error.message)
        } catch let error as ElvesError where Self.perhapsSent.contains(error.code) {
            return refusal(.unknown, error.message)
        }
    }

    /// The parameters, checked in the contract's order.
    private func request(of parameters: V2Parameters) throws(ElvesError) -> ExecuteRequest {
        guard let app = parameters["app"] else { throw ElvesError(.openapiRequestApp, "app is missing") }
        guard let function = parameters["func"] else { throw ElvesError(.openapiRequestFunction, "func is missing") }
        guard let ip = parameters["ip"] else { throw ElvesError(.openapiRequestIp, "ip is missing") }
        guard IPAddress(ip) != nil else { throw ElvesError(.openapiRequestIp, "\"\(ip)\" is not an ip") }
        var request = ExecuteRequest(app: app, func: function)
        request.ip = ip
        var param: JSONValue?
        if let text = parameters["param"] {
            param = try json(text)
            request.param = text
        }
        request.timeoutMs = try timeout(parameters["timeout"])
        request.proxy = parameters["proxy"]
        try callables.check(app: app, function: function, param: param)
        return request
    }

    private func json(_ text: String) throws(ElvesError) -> JSONValue {
        try callables.checkLength(text)
        do {
            return try JSONValue(parsing: text)
        } catch {
            throw ElvesError(.openapiRequestParam, error, what: "param")
        }
    }

    private func timeout(_ text: String?) throws(ElvesError) -> Int64 {
        guard let text else { return Self.defaultTimeoutMs }
        guard let seconds = Int64(text), seconds >= 0, seconds <= Int64(Int32.max) else {
            throw ElvesError(.openapiRequestTimeout, "timeout \"\(text)\" is not a number of seconds")
        }
        return seconds * 1000
    }

    /// What the worker said, or why nobody can tell.
    private func answer(_ task: TaskRecord) -> Response {
        let id = Hex.encode(UInt64(bitPattern: task.id)).uppercased()
        guard StateName.isEnd(task.state), let state = ElvesCore.TaskState(rawValue: task.state.rawValue) else {
            return refusal(.unknown, "task \(id) still runs")
        }
        if Elves2Answer.syncError(state: state) != nil { return refusal(state, task.message) }
        return Answer.envelope { json in
            json.object { json in
                json.member("id", id)
                json.member("worker_flag", Elves2Answer(state: state, workerFlag: task.flag).workerFlag)
                json.member("worker_message", task.result ?? task.message)
                json.member("worker_costtime", task.costMs)
            }
        }
    }

    private func refusal(_ state: ElvesCore.TaskState, _ reason: String) -> Response {
        ErrorAnswer(envelope: Elves2Answer.syncError(state: state) ?? "", reason: reason).response
    }
}
