import CElvesProcess
import Glibc
import Testing

@testable import Runner

/// Workers in version 2 cgroups, in a process that has other children too: nothing but its group tells a hidden one.
@Suite(.enabled(if: hasGroups)) struct WorkerGroupsTests {
    private func groups(in path: String) -> [String] { ProcFile.folders(in: path) }

    @Test func whatHidesEndsWithItsWorker() async throws {
        try await withGroups { host, path async throws in
            let script = "env -i setsid sh -c '(trap \"\" TERM; exec sleep ARG) & ' >/dev/null 2>&1; exit 3"
            var order = WorkerOrder.shell("", grace: .milliseconds(200))
            let argument = "3\(order.key.taskId)"
            order.command[2] = script.replacing("ARG", with: argument)
            let end = try await host.run(order)
            #expect(end.status == .exited(3) && end.leftovers > 0 && end.survivors == 0)
            #expect(processes(withArgument: argument) == [])
            #expect(groups(in: path).count <= 1)
        }
    }

    @Test func timeOutAndKillReachWhatHides() async throws {
        try await withGroups { host, _ async throws in
            for isKilled in [false, true] {
                var order = WorkerOrder.shell(
                    "", timeout: isKilled ? nil : .seconds(1), grace: .milliseconds(200))
                let argument = "3\(order.key.taskId)"
                order.command[2] =
                    "env -i setsid sh -c \"(trap '' TERM; sleep \(argument); sleep \(argument)) &\" >/dev/null 2>&1; "
                    + "trap 'exit 0' TERM; while :; do sleep 0.05; done"
                let ordered = order
                async let running = host.run(ordered)
                #expect(try await eventually { !processes(withArgument: argument).isEmpty })
                if isKilled { await host.kill(taskId: order.key.taskId) }
                let end = try await running
                #expect(end.killed == isKilled && end.timedOut == !isKilled && end.survivors == 0)
                #expect(processes(withArgument: argument) == [])
            }
        }
    }

    @Test func groupsAreUsedAgainAndGoneAtTheEnd() async throws {
        let path = try await withGroups { host, path async throws in
            for _ in 0..<5 { #expect(try await host.run(.shell("true")).status == .exited(0)) }
            #expect(groups(in: path).count == 1)
            let end = try await host.run(.shell("cat /proc/self/cgroup"))
            #expect(end.output.text.contains("0::") && end.output.text.contains("/w1"))
            return path
        }
        #expect(access(path, F_OK) != 0)
    }

    @Test func groupsThatAWorkerMakesGoWithIt() async throws {
        try await withGroups { host, path async throws in
            let order = WorkerOrder.shell(
                "g=\(path)/w1; mkdir -p $g/a/b; sh -c 'echo $$ > '$g'/a/b/cgroup.procs; exec sleep 1000' & "
                    + "while ! grep -q . $g/a/b/cgroup.procs; do sleep 0.01; done; exit 4", grace: .milliseconds(200))
            let end = try await host.run(order)
            #expect(end.status == .exited(4) && end.leftovers > 0 && end.survivors == 0)
            #expect(WorkerGroup.below(path).allSatisfy { !$0.hasSuffix("/a") })
        }
    }

    @Test func aFloodOfForksEnds() async throws {
        try await withGroups { host, _ async throws in
            var order = WorkerOrder.shell("", timeout: .milliseconds(300), grace: .milliseconds(50))
            let argument = "3\(order.key.taskId)"
            order.command[2] =
                "trap '' TERM; f() { setsid sleep \(argument) & }; i=0; "
                + "while :; do f; i=$((i+1)); [ $i -gt 400 ] && sleep 0.2; done"
            let end = try await host.run(order)
            #expect(end.timedOut && end.survivors == 0)
            #expect(processes(withArgument: argument) == [])
        }
    }

    @Test func anotherGroupsWorkersAreLeftAlone() async throws {
        try await withGroups { host, _ async throws in
            let first = WorkerOrder.shell("trap '' TERM; while :; do sleep 0.05; done", grace: .milliseconds(100))
            let second = WorkerOrder.shell("sleep 1; exit 8")
            async let firstEnd = host.run(first)
            async let secondEnd = host.run(second)
            #expect(try await eventually { await host.running().count == 2 })
            await host.kill(taskId: first.key.taskId)
            #expect(try await firstEnd.killed)
            #expect(try await secondEnd.status == .exited(8))
        }
    }

    @Test func whatADeadRunnerLeftIsEnded() async throws {
        let folder = try Folder()
        let groups = try await WorkerGroups.prepare(.own, root: folder.path).get()
        let group = try #require(groups.take())
        let argument = "3\(freshKey().taskId)"
        let order = WorkerOrder.shell("trap '' TERM; sleep \(argument); sleep \(argument)")
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        let (launched, _) = try order.launch(null: null, group: group)
        #expect(launched.group === group && !group.isEmpty)
        #expect(try await eventually { !processes(withArgument: argument).isEmpty })
        // A runner in the same folder, after the one above has died.
        let next = try await WorkerGroups.prepare(.own, root: folder.path).get()
        #expect(processes(withArgument: argument) == [])
        #expect(next.path == groups.path && next.take() != nil)
        #expect(try await eventually { elves_reap(launched.pid) == 1 })
        next.remove()
    }

    /// As on kernels without `cgroup.kill`: everything is stopped, then killed.
    @Test func aFrozenGroupCanBeKilled() async throws {
        let folder = try Folder()
        let groups = try await WorkerGroups.prepare(.own, root: folder.path).get()
        let group = try #require(groups.take())
        let argument = "3\(freshKey().taskId)"
        let order = WorkerOrder.shell(
            "trap '' TERM; mkdir \(group.path)/in; sleep \(argument) & echo $! > \(group.path)/in/cgroup.procs; "
                + "while :; do sleep \(argument) & sleep 0.001; done")
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        let (launched, _) = try order.launch(null: null, group: group)
        #expect(try await eventually { processes(withArgument: argument).count > 5 })
        #expect(
            try await eventually {
                group.kill(atOnce: false)
                return group.isEmpty
            })
        #expect(processes(withArgument: argument) == [])
        #expect(try await eventually { elves_reap(launched.pid) == 1 })
        groups.giveBack(group, isUntouched: false)
        #expect(try await eventually { groups.remove() })
        #expect(access(groups.path, F_OK) != 0)
    }

    @Test func onlyAGroupOfTheFolderIsEnded() async throws {
        let folder = try Folder()
        let own = try #require(GroupPlace.own())
        for path in [own, own + "/elves-agent-1-1", "/tmp", ""] {
            #expect(StrayGroups.note(path, root: folder.path))
            #expect(await StrayGroups.end(root: folder.path) == 0)
        }
        #expect(access(own, F_OK) == 0)
    }

    @Test func placesThatAreNoneAreRefused() async throws {
        let folder = try Folder()
        for setting in [WorkerGroups.Setting.below("/tmp"), .below("/no/such"), .off] {
            guard case .failure(let unusable) = await WorkerGroups.prepare(setting, root: folder.path) else {
                Issue.record("\(setting) was taken")
                continue
            }
            #expect(!unusable.reason.isEmpty)
        }
        #expect(WorkerGroups.Setting("off") == .off && WorkerGroups.Setting(nil) == .own)
        #expect(WorkerGroups.Setting("/x") == .below("/x"))
    }
}
