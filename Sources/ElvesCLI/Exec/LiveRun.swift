internal import ElvesClient
internal import ElvesCore

/// A task or a batch that is watched as it runs: its output live, its ends, and what Ctrl-C means meanwhile.
struct LiveRun: Sendable {
    /// Targets whose output is shown, at most.
    static let mostFollowed = 256
    /// How long one call waits for ends.
    private static let poll = Duration.seconds(20)
    /// How long it takes until new tasks of a batch are looked for again.
    private static let pause = Duration.milliseconds(500)

    let context: CommandContext
    let center: ElvesCenter
    let json: Bool
    let killOnInterrupt: Bool

    /// What is watched.
    private enum Subject: Sendable {
        case task(String)
        case batch(String)

        var showing: String {
            switch self {
            case .task(let id): "elves task get \(id)"
            case .batch(let id): "elves batch show \(id)"
            }
        }

        var stopping: String {
            switch self {
            case .task(let id): "elves task kill \(id)"
            case .batch(let id): "elves batch stop \(id) --kill"
            }
        }
    }

    /// Follows one task to its end.
    func follow(_ task: TaskRecord) async throws -> CommandStatus {
        let end = try await watched(.task(task.id)) {
            let printer = FollowPrinter(task, isAlone: true, context: context, json: json)
            async let output: Void = show(task.id, printer)
            var task = task
            while !task.state.isEnd { task = try await center.task(task.id, wait: Self.poll) }
            try await output
            return task
        }
        return try ExecReport(context: context, json: json).single(end)
    }

    /// Follows a batch to its end.
    func follow(_ batch: BatchRecord, unmatched: [String]) async throws -> CommandStatus {
        if batch.total > Self.mostFollowed {
            context.terminal.note(
                "showing the output of \(Self.mostFollowed) of \(Wording.count(batch.total, "target")); "
                    + "of any other: elves task output ID")
        }
        let tasks = try await watched(.batch(batch.id)) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                let ended = Ended()
                group.addTask { try await showAll(of: batch, until: ended) }
                let ends = try await ends(of: batch)
                ended.set()
                try await group.waitForAll()
                return ends
            }
        }
        return ExecReport(context: context, json: json).folded(tasks, batch: batch, unmatched: unmatched)
    }

    private func ends(of batch: BatchRecord) async throws -> [TaskRecord] {
        var tasks: [TaskRecord] = []
        var cursor: Cursor?
        while true {
            let page = try await center.ends(ofBatch: batch.id, after: cursor, wait: Self.poll)
            if json { try ExecReport(context: context, json: true).lines(page.tasks) }
            tasks += page.tasks
            if page.done { return tasks }
            cursor = page.next
        }
    }

    /// Shows the output of each task as soon as the task is there: a batch with a bound on its concurrency makes them
    /// one after the other.
    private func showAll(of batch: BatchRecord, until ended: Ended) async throws {
        let wanted = min(batch.total, Self.mostFollowed)
        try await withThrowingTaskGroup(of: Void.self) { group in
            var known: Set<String> = []
            while known.count < wanted {
                // Asked before the list is read: what was there at the end is in it.
                let isLast = ended.isSet
                guard let tasks = await tasks(of: batch) else { break }
                for task in tasks where known.count < wanted && known.insert(task.id).inserted {
                    let printer = FollowPrinter(task, isAlone: false, context: context, json: json)
                    group.addTask { try await show(task.id, printer) }
                }
                if isLast { break }
                if known.count < wanted { try await context.clock.sleep(for: Self.pause) }
            }
            try await group.waitForAll()
        }
    }

    /// The batch's tasks so far; nil when they cannot be listed: then their ends count all the same.
    private func tasks(of batch: BatchRecord) async -> [TaskRecord]? {
        do {
            return try await allTasks(of: batch)
        } catch {
            if !Task.isCancelled {
                context.terminal.note(Failure(error).text)
                context.terminal.note("the output of further targets is not shown: elves task output ID")
            }
            return nil
        }
    }

    private func allTasks(of batch: BatchRecord) async throws(CenterError) -> [TaskRecord] {
        var query = TaskQuery()
        query.batch = batch.id
        var tasks: [TaskRecord] = []
        var cursor: Cursor?
        repeat {
            let page = try await center.tasks(query, after: cursor, limit: 1000)
            tasks += page.tasks
            cursor = page.next
        } while cursor != nil
        // They come newest first.
        return tasks.reversed()
    }

    private func show(_ task: String, _ printer: FollowPrinter) async throws {
        var printer = printer
        do {
            for try await event in center.followOutput(of: task) {
                if case .output(let piece) = event { try printer.take(piece) }
            }
        } catch let error as CenterError {
            // The end counts; what was written can be read later.
            printer.finish()
            context.terminal.note(Failure(error).text)
            context.terminal.note("no more of this output is shown: elves task output \(task)")
            return
        }
        printer.finish()
    }

    /// Runs `work`; meanwhile Ctrl-C says what goes on, or stops it, and the second one leaves.
    private func watched<Value: Sendable>(
        _ subject: Subject, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                var count = 0
                for await _ in context.interrupts() {
                    count += 1
                    if count > 1 { throw CommandStatus.unreachable }
                    try await interrupted(subject)
                }
                return nil
            }
            defer { group.cancelAll() }
            do {
                for try await value in group {
                    if let value { return value }
                }
            } catch let error as CenterError {
                context.terminal.note("it may go on; to look at it: \(subject.showing)")
                throw error
            }
            throw CancellationError()
        }
    }

    private func interrupted(_ subject: Subject) async throws {
        guard killOnInterrupt else {
            context.terminal.note(
                """

                It goes on without this command. To look at it: \(subject.showing)
                To stop it: \(subject.stopping)
                Ctrl-C again leaves.
                """)
            return
        }
        context.terminal.note("\nstopping; Ctrl-C again leaves without waiting for the ends")
        do {
            switch subject {
            case .task(let id): _ = try await center.kill(id, reason: "Ctrl-C")
            case .batch(let id): _ = try await center.stopBatch(id, kill: true, reason: "Ctrl-C")
            }
        } catch {
            context.terminal.note(Failure(error).text)
            context.terminal.note("it may go on; to stop it: \(subject.stopping)")
        }
    }
}
