internal import ElvesCore

/// Keeps processes running: carries out what ``ProcessSupervision`` says, every few milliseconds.
package actor ProcessKeeper {
    private let specs: [String: ProcessSpec]
    private let logs: [String: LogFile]
    private let launcher: any ProcessLauncher
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private let note: @Sendable (String) -> Void
    private var supervision: ProcessSupervision
    private var pass = 0
    private var problem: Failure?

    /// A keeper of these processes, none of them started. `note` takes lines for people.
    package init(
        _ specs: [ProcessSpec], logs: [String: LogFile], launcher: any ProcessLauncher,
        policy: ProcessSupervision.Policy = .init(), note: @escaping @Sendable (String) -> Void
    ) {
        self.specs = Dictionary(specs.map { ($0.name, $0) }) { first, _ in first }
        self.logs = logs
        self.launcher = launcher
        self.note = note
        start = clock.now
        supervision = ProcessSupervision(specs.map(\.name), policy: policy)
    }

    /// The center was ready once: from now on nothing is given up.
    package func becameReady() { supervision.becameReady() }

    /// Whether everything has ended.
    package var isDone: Bool { supervision.isStopped }

    /// Ends everything; ``run(until:)`` returns when that is done.
    package func stop() { perform(supervision.stop(at: elapsed)) }

    /// Runs until `shouldStop` says so and everything has ended, whatever our processes left behind too.
    ///
    /// Throws when a process was given up.
    package func run(until shouldStop: @Sendable () -> Bool) async throws {
        while !supervision.isStopped {
            if shouldStop() { stop() }
            step()
            try? await clock.sleep(for: .milliseconds(25))
        }
        await launcher.endDescendants(grace: StopTimes.leftovers)
        if let problem { throw problem }
    }

    private var elapsed: Duration { clock.now - start }

    private func step() {
        for (pid, end) in launcher.reap() {
            if let name = supervision.name(of: pid), !supervision.isStopping {
                note("\(name) ended (\(end)); starting it again")
            }
            perform(supervision.ended(pid, end, at: elapsed))
        }
        perform(supervision.tick(at: elapsed))
        pass += 1
        if pass % 40 == 0 { for log in logs.values { log.rotateIfFull() } }
    }

    private func perform(_ actions: [ProcessSupervision.Action]) {
        for action in actions {
            switch action {
            case .launch(let name): launch(name)
            case .terminate(let pid):
                launcher.signal(pid, supervision.name(of: pid).flatMap { specs[$0]?.stopSignal } ?? 15)
            case .kill(let pid): launcher.signal(pid, 9)
            case .giveUp(let name, let end): giveUp(name, end)
            }
        }
    }

    private func launch(_ name: String) {
        guard let spec = specs[name] else { return }
        let output = logs[name]?.descriptor ?? -1
        do throws(LaunchProblem) {
            let pid = try launcher.launch(spec, streams: ProcessStreams(input: -1, output: output, error: output))
            perform(supervision.launched(name, pid: pid, at: elapsed))
        } catch {
            perform(supervision.failedToLaunch(name, reason: error.reason, at: elapsed))
        }
    }

    private func giveUp(_ name: String, _ end: ProcessEnd) {
        let last = logs[name].map { LogFile.lastLines(ofFile: $0.path, count: 5) } ?? []
        for line in last { note("  \(line)") }
        let place = logs[name].map { "; its log is \($0.path)" } ?? ""
        problem = Failure(.cliUpComponent, "\(name) does not start: it keeps ending (\(end))\(place)")
        perform(supervision.stop(at: elapsed))
    }
}

extension ProcessLauncher {
    /// Ends every descendant: TERM, then after `grace` KILL, until none is left.
    package func endDescendants(grace: Duration) async {
        let clock = ContinuousClock()
        let deadline = clock.now + grace
        var left = descendants()
        for pid in left { signal(pid, 15) }
        while !left.isEmpty {
            if clock.now >= deadline { for pid in left { signal(pid, 9) } }
            _ = reap()
            try? await clock.sleep(for: .milliseconds(25))
            left = descendants()
        }
        _ = reap()
    }
}
