import Testing

@testable import Runner

/// What a worker starts is ended with it, however it hides.
@Suite struct TreeTests {
    /// Every hiding place holds a `sleep` whose argument says which test it belongs to.
    private func order(_ script: String, timeout: Duration?, grace: Duration = .milliseconds(300)) -> (
        WorkerOrder, String
    ) {
        var order = WorkerOrder.shell("", timeout: timeout, grace: grace)
        let argument = "4\(order.key.taskId)"
        order.command[2] = script.split(separator: "SLEEP", omittingEmptySubsequences: false)
            .joined(separator: "sleep \(argument)")
        return (order, argument)
    }

    private static let hidings = [
        "SLEEP & SLEEP & wait",
        "trap '' TERM; SLEEP; SLEEP; SLEEP",
        "(setsid sh -c 'SLEEP & SLEEP' &) ; SLEEP",
        "setsid sh -c \"trap '' TERM; while :; do SLEEP; done\" & SLEEP",
        "kill -STOP $$",
    ]

    @Test(arguments: hidings) func timeOutEndsTheWholeTree(script: String) async throws {
        try await withHost { host async throws in
            let (order, argument) = order(script, timeout: .milliseconds(400))
            let end = try await host.run(order)
            #expect(end.timedOut && !end.killed)
            #expect(end.survivors == 0)
            #expect(processes(withArgument: argument) == [])
        }
    }

    @Test(arguments: [
        "(SLEEP &); exit 3",
        "setsid sh -c 'SLEEP' & sleep 0.05; exit 3",
        "(setsid sh -c 'trap \"\" TERM HUP; SLEEP; SLEEP' &); sleep 0.05; exit 3",
    ]) func whatAWorkerLeavesIsEnded(script: String) async throws {
        try await withHost { host async throws in
            let (order, argument) = order(script, timeout: nil)
            let end = try await host.run(order)
            #expect(end.status == .exited(3))
            #expect(!end.timedOut && end.leftovers > 0 && end.survivors == 0)
            #expect(processes(withArgument: argument) == [])
        }
    }

    @Test func killEndsTheTreeAndOnlyIt() async throws {
        try await withHost { host async throws in
            let (first, firstArgument) = order("(setsid sh -c 'SLEEP' &) ; SLEEP", timeout: nil)
            let (second, secondArgument) = order("SLEEP", timeout: nil)
            async let firstEnd = host.run(first)
            async let secondEnd = host.run(second)
            #expect(try await eventually { processes(withArgument: firstArgument).count >= 2 })
            #expect(try await eventually { !processes(withArgument: secondArgument).isEmpty })
            await host.kill(taskId: first.key.taskId)
            #expect(processes(withArgument: firstArgument) == [])
            #expect(processes(withArgument: secondArgument).count == 1)
            #expect(try await firstEnd.killed)
            await host.kill(taskId: second.key.taskId)
            #expect(try await secondEnd.killed)
        }
    }

    @Test func aWorkerThatObeysTermHasItsSay() async throws {
        try await withHost { host async throws in
            let (order, argument) = order(
                "trap 'echo bye; exit 9' TERM; SLEEP & while :; do wait; done", timeout: nil, grace: .seconds(60))
            async let running = host.run(order)
            // The trap is set when the sleeper runs.
            #expect(try await eventually { processes(withArgument: argument).count == 1 })
            await host.kill(taskId: order.key.taskId)
            let end = try await running
            #expect(end.killed && end.status == .exited(9))
            #expect(end.output.text == "bye\n")
            #expect(processes(withArgument: argument) == [])
        }
    }

    @Test func whatEndedByItselfWasNotKilled() async throws {
        try await withHost { host async throws in
            // What it leaves ignores TERM: a second in which the request comes.
            let (order, argument) = order(
                "(setsid sh -c \"trap '' TERM; echo on; SLEEP; SLEEP\" &) ; sleep 0.1; exit 3", timeout: nil,
                grace: .seconds(2))
            async let running = host.run(order)
            #expect(try await eventually { !processes(withArgument: argument).isEmpty })
            #expect(try await eventually { processes(withArgument: order.command[2]).isEmpty })
            await host.kill(taskId: order.key.taskId)
            let end = try await running
            #expect(!end.killed && end.status == .exited(3) && end.leftovers > 0 && end.survivors == 0)
        }
    }

    /// Neither session nor environment says whose it is: its mark does, also beside another worker, without cgroups.
    @Test(arguments: [false, true]) func whatHidesBesideAnotherWorkerEndsWithItsOwn(timesOut: Bool) async throws {
        try await withHost { host async throws in
            let hiding =
                "(env -i setsid sh -c \"trap '' TERM; (SLEEP &) ; SLEEP\" </dev/null >/dev/null 2>&1 &) ; SLEEP"
            let (first, firstArgument) = order(hiding, timeout: timesOut ? .seconds(2) : nil)
            let (second, secondArgument) = order(hiding, timeout: nil)
            async let firstEnd = host.run(first)
            async let secondEnd = host.run(second)
            #expect(try await eventually { processes(withArgument: firstArgument).count >= 3 })
            #expect(try await eventually { processes(withArgument: secondArgument).count >= 3 })
            let others = Set(processes(withArgument: secondArgument))
            if !timesOut { await host.kill(taskId: first.key.taskId) }
            let end = try await firstEnd
            #expect(end.timedOut == timesOut && end.killed == !timesOut && end.survivors == 0)
            #expect(processes(withArgument: firstArgument) == [])
            #expect(Set(processes(withArgument: secondArgument)) == others)
            await host.kill(taskId: second.key.taskId)
            #expect(try await secondEnd.survivors == 0)
            #expect(processes(withArgument: secondArgument) == [])
        }
    }

    @Test func marksAreInheritedAndDifferForEveryAttempt() async throws {
        try await withHost { host async throws in
            let order = WorkerOrder.shell("env -i setsid grep locks /proc/self/limits")
            let words = try await host.run(order).output.text.split(whereSeparator: \.isWhitespace)
            #expect(words.dropFirst(3).first.flatMap { UInt64($0) } == order.key.mark, "\(words)")
        }
        let marks = (Int64(1)...1000).flatMap { task in
            (Int32(1)...3).map { AttemptKey(taskId: task, attempt: $0).mark }
        }
        #expect(Set(marks).count == 3000 && marks.allSatisfy { $0 >> 62 == 1 })
    }
}
