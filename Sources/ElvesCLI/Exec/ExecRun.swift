internal import ElvesClient
internal import ElvesCore

/// One `elves exec`, from its targets to its ends.
struct ExecRun: Sendable {
    /// Targets above which a person has to agree.
    static let freeTargets = 50
    /// How long one call waits for ends.
    static let poll = Duration.seconds(20)

    let context: CommandContext
    let center: ElvesCenter
    let json: Bool
    let wait: Bool
    let yes: Bool
    var follow = false
    var killOnInterrupt = false

    /// Runs a request and says how it ended.
    func start(_ request: ExecRequest) async throws -> CommandStatus {
        if request.isSingle { return try await runTask(request.task) }
        let resolution = try await center.resolve(inParts: request.targets, exclude: request.exclude)
        guard !resolution.agents.isEmpty else {
            let excluded = request.exclude.map { ", less \($0)" } ?? ""
            throw Failure(
                .heartbeatTargetNone, "no agent matches \(request.targets)\(excluded)", hint: "see: elves agents",
                status: .unreachable)
        }
        return try await run(request, on: resolution.agents, unmatched: resolution.unmatched)
    }

    /// Runs a batch again where it did not succeed, with its own param, labels and, unless others are given,
    /// timeout and concurrency.
    func retry(batch id: String, timeout: Double?, concurrency: Int?) async throws -> CommandStatus {
        let batch = try await center.batch(id)
        guard batch.endedAt != nil else {
            throw Failure(
                .cliBatchRunning, "batch \(id) still runs", hint: "wait for its end, then retry", status: .failure)
        }
        let tasks = try await allEnds(of: id).filter { $0.state != .succeeded }
        let unknown = tasks.filter { $0.state == .unknown }
        if !unknown.isEmpty {
            context.terminal.note(
                "left out, as it may have run there: \(unknown.map(\.agent.ip).joined(separator: ", "))")
        }
        let agents = tasks.filter { $0.state != .unknown }.map(\.agent)
        guard let first = tasks.first, !agents.isEmpty else {
            throw Failure(.cliBatchNothing, "nothing of batch \(id) is left to retry")
        }
        let request = ExecRequest(
            app: batch.app, function: batch.function, targets: "", param: first.param,
            timeout: timeout ?? Self.seconds(first.timeoutMilliseconds),
            concurrency: concurrency ?? (batch.concurrency > 0 ? batch.concurrency : nil),
            labels: batch.labels.isEmpty ? nil : batch.labels,
            startBy: Self.seconds(batch.startByMilliseconds ?? 0), retries: batch.retries,
            files: batch.files.flatMap(Self.named), maxFailures: batch.maxFailures)
        return try await run(
            request,
            on: agents.map { Resolution.Agent(id: $0.id, ip: $0.ip, name: $0.name, alive: true) }, unmatched: [])
    }

    /// A record's files as a request names them.
    private static func named(_ files: [TaskFile]) -> [CallFile]? {
        files.isEmpty ? nil : files.map { CallFile(name: $0.name, digest: $0.digest, mode: $0.mode) }
    }

    /// A record's timeout as a request has it; 0 is none given.
    private static func seconds(_ milliseconds: Int) -> Double? {
        milliseconds > 0 ? Double(milliseconds) / 1000 : nil
    }

    private func run(
        _ request: ExecRequest, on agents: [Resolution.Agent], unmatched: [String]
    ) async throws -> CommandStatus {
        if agents.count > Self.freeTargets {
            try Confirmation.demand(
                "Run \(request.app) \(request.function) on \(Wording.count(agents.count, "agent"))?", yes: yes,
                terminal: context.terminal)
        }
        if agents.count == 1, unmatched.isEmpty {
            var task = request.task
            task.target = agents[0].ip
            return try await runTask(task)
        }
        let batch = try await center.createBatch(request.batch(on: agents))
        guard wait else {
            return try ExecReport(context: context, json: json).started(batch, unmatched: unmatched)
        }
        if json { try ExecReport(context: context, json: json).lines(unmatched, of: batch) }
        if follow { return try await live.follow(batch, unmatched: unmatched) }
        return try await waitForEnds(batch, unmatched: unmatched)
    }

    /// The same run, watched as it goes.
    private var live: LiveRun {
        LiveRun(context: context, center: center, json: json, killOnInterrupt: killOnInterrupt)
    }

    private func runTask(_ request: TaskRequest) async throws -> CommandStatus {
        let report = ExecReport(context: context, json: json)
        guard wait else {
            let task = try await center.createTask(request)
            context.terminal.print(json ? #"{"task":"\#(task.id)"}"# : task.id)
            return .success
        }
        if follow { return try await live.follow(try await center.createTask(request)) }
        let progress = Progress(context, label: "\(request.app) \(request.function) on \(request.target)")
        let task = try await progress.during { () async throws(CenterError) in
            var task = try await center.createTask(request, wait: Self.poll)
            while !task.state.isEnd { task = try await center.task(task.id, wait: Self.poll) }
            return task
        }
        return try report.single(task)
    }

    private func waitForEnds(_ batch: BatchRecord, unmatched: [String]) async throws -> CommandStatus {
        let report = ExecReport(context: context, json: json)
        let progress = Progress(context, label: "0/\(Wording.count(batch.total)) ended")
        var cursor: Cursor?
        var done = false
        var ends: [TaskRecord] = []
        let poll = Self.poll
        while !done {
            let after = cursor
            let page = try await progress.during { () async throws(CenterError) in
                try await center.ends(ofBatch: batch.id, after: after, wait: poll)
            }
            if json { try report.lines(page.tasks) }
            ends += page.tasks
            cursor = page.next
            done = page.done
            progress.update("\(Wording.count(ends.count))/\(Wording.count(batch.total)) ended")
        }
        return report.folded(ends, batch: batch, unmatched: unmatched)
    }

    private func allEnds(of id: String) async throws -> [TaskRecord] {
        var tasks: [TaskRecord] = []
        var page = try await center.ends(ofBatch: id)
        tasks += page.tasks
        while !page.done {
            page = try await center.ends(ofBatch: id, after: page.next, wait: Self.poll)
            tasks += page.tasks
        }
        return tasks
    }
}

extension ElvesCenter {
    /// Resolves a text of any length: a long list of names does not fit one address line.
    func resolve(inParts targets: String, exclude: String?) async throws(CenterError) -> Resolution {
        let words = targets.split(separator: ",")
        guard targets.utf8.count > 4000, words.allSatisfy({ TargetText.isSingle(String($0)) }) else {
            return try await resolve(targets, exclude: exclude)
        }
        var whole = Resolution(agents: [], generation: 0, unmatched: [])
        var seen: Set<String> = []
        for start in stride(from: 0, to: words.count, by: 100) {
            let part = words[start..<min(start + 100, words.count)].joined(separator: ",")
            let resolution = try await resolve(part, exclude: exclude)
            whole.agents += resolution.agents.filter { seen.insert($0.id).inserted }
            whole.unmatched += resolution.unmatched
            whole.generation = resolution.generation
        }
        return whole
    }
}
