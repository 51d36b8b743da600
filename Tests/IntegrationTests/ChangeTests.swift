import ElvesClient
import Foundation
import Testing

/// How fast a change reaches those whom it concerns, on real parts.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ChangeTests {
    /// Who binds an app and calls it need not ask whether it has arrived.
    @Test func aCallRightAfterItsBindingRuns() async throws {
        let running = try await RunningCenter.start(agents: 2)
        let center = try running.client()
        for number in 1...8 {
            let app = "fresh\(number)"
            let push = try await running.elves("app", "push", try running.addApp(app))
            #expect(push.status == 0, "\(push.errors)")
            _ = try await center.bind(app, to: "*")
            let task = try await center.run(app, "greet", on: "127.0.0.\(number % 2 + 1)")
            #expect(task.state == .succeeded, "\(app): \(task.message)\n\(running.logs)")
        }
        _ = try await running.elves("app", "push", try running.addApp("unbound"))
        let task = try await center.run("unbound", "greet", on: "127.0.0.1")
        #expect(task.code == "agent.app.notInstalled")
        try await running.stop()
    }

    /// The name is in a task's record however the agent was named in the call.
    @Test func aTasksRecordNamesItsAgent() async throws {
        let running = try await RunningCenter.start(agents: 1)
        let center = try running.client()
        let names = try await center.components().filter { $0.role == "scheduler" }.map {
            $0.numbers["elves_scheduler_agents_connected"]
        }
        #expect(names == [1], "`elves up` waits for this number")
        let task = try await center.run("hello", "greet", on: "127.0.0.1")
        #expect(task.agent.name == "local-1")
        let shown = try await running.elves("task", "get", task.id)
        #expect(shown.output.contains("127.0.0.1 local-1"), "\(shown.output)")
        try await running.stop()
    }

    /// Revocation is promised to be in force within 5 s, also at an edge that did not pass it on itself.
    @Test func aRevokedKeyIsRefusedEverywhereWithinFiveSeconds() async throws {
        let running = try await RunningCenter.start(agents: 0)
        let center = try running.client()
        let edge = try running.secondEdge()
        defer { edge.process.terminate() }
        for round in 0..<3 {
            let key = try await center.createKey(KeyRequest(comment: "round \(round)"))
            let other = ElvesCenter(url: edge.url, credentials: .token(try #require(key.token)))
            try await running.until("the other edge takes the key") { (try? await other.apps()) != nil }
            let start = ContinuousClock.now
            _ = try await center.revokeKey(key.id)
            try await running.until("the other edge refuses it") {
                do throws(CenterError) {
                    _ = try await other.apps()
                    return false
                } catch {
                    return error.code.hasPrefix("openapi.auth.")
                }
            }
            #expect(ContinuousClock.now - start < .seconds(5))
        }
        try await running.stop()
    }
}

extension RunningCenter {
    /// Ends it as a user does.
    func stop() async throws {
        kill(process.processIdentifier, SIGTERM)
        try await until("stopped", within: .seconds(20)) { !process.isRunning }
    }

    /// One more `elves-openapi` of this center.
    func secondEdge() throws -> (process: Process, url: URL) {
        // Below the kernel's outgoing connections, where `elves up` has taken a few.
        let port = try #require((10_000..<30_000).shuffled().first(where: Self.isFree))
        let edge = Process()
        edge.executableURL = Self.program("elves-openapi")
        edge.arguments = [
            "--config", dataPath + "/config/openapi.yaml", "--http-listen", "127.0.0.1:\(port)", "--listen",
            "127.0.0.1:0", "--instance", "openapi-2",
        ]
        edge.environment = environment
        edge.standardError = FileHandle.nullDevice
        try edge.run()
        return (edge, try #require(URL(string: "http://127.0.0.1:\(port)")))
    }

    /// Whether a server could listen on that port of 127.0.0.1 now.
    private static func isFree(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 && listen(descriptor, 1) == 0
            }
        }
    }
}
