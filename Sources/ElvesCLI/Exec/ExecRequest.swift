internal import ElvesClient

/// What `elves exec` was asked to do, read and checked, before anything is sent.
struct ExecRequest: Sendable {
    var app: String
    var function: String
    var targets: String
    var exclude: String?
    var param: JSONValue?
    var timeout: Double?
    var concurrency: Int?
    var labels: [String: String]?
    /// Seconds.
    var startBy: Double?
    var retries: Retries?
    var files: [CallFile]?
    var maxFailures: FailureLimit?

    var task: TaskRequest {
        TaskRequest(
            app: app, function: function, target: targets, param: param, timeout: timeout, labels: labels,
            startBy: startBy, retries: retries, files: files)
    }

    /// One task for one plain target; a list, a selector or an exclusion is for the center to resolve.
    var isSingle: Bool { exclude == nil && TargetText.isSingle(targets) }

    /// The batch on exactly these agents: what was shown and agreed to is what runs.
    func batch(on agents: [Resolution.Agent]) -> BatchRequest {
        BatchRequest(
            app: app, function: function, targets: agents.map(\.ip).joined(separator: ","), param: param,
            timeout: timeout, concurrency: concurrency, labels: labels, startBy: startBy, retries: retries,
            files: files,
            maxFailures: maxFailures)
    }

    /// The batch as it was asked for, resolved when it is made.
    var batch: BatchRequest {
        BatchRequest(
            app: app, function: function, targets: targets, exclude: exclude, param: param, timeout: timeout,
            concurrency: concurrency, labels: labels, startBy: startBy, retries: retries, files: files,
            maxFailures: maxFailures)
    }
}
