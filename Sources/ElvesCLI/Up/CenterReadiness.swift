internal import ElvesClient
internal import ElvesCore
internal import Foundation

/// Waits until a call would succeed.
struct CenterReadiness: Sendable {
    /// How long a first start may take.
    static let patience = Duration.seconds(120)
    /// After this long people are told what is missing, again and again.
    static let noteEvery = Duration.seconds(10)
    /// The scheduler's number of connected agents: they beat over another connection, and may lack this one.
    static let connectedAgents = "elves_scheduler_agents_connected"

    let center: ElvesCenter
    let addresses: [String]
    let note: @Sendable (String) -> Void

    /// Returns when the center is ready and every agent connected.
    func waitForAgents() async throws {
        try await wait {
            guard try await center.isReady() else { return "the center is not ready" }
            let alive = Set(try await center.allAgents().filter(\.alive).map(\.ip))
            let missing = addresses.filter { !alive.contains($0) }
            if !missing.isEmpty { return "no word yet from agent \(missing.joined(separator: ", "))" }
            return Self.missing(of: addresses.count, in: try await center.components())
        }
    }

    /// What the schedulers' own numbers say is missing of so many agents. A scheduler that gives no number, as one
    /// that does not answer, has none.
    static func missing(of agents: Int, in components: [ComponentRecord]) -> String? {
        let connected = components.filter { $0.role == "scheduler" }
            .reduce(0) { $0 + ($1.numbers[connectedAgents] ?? 0) }
        return connected < agents ? "\(connected) of \(agents) agents are connected to the scheduler" : nil
    }

    /// Returns when every agent runs these versions.
    func waitForApps(_ versions: [String: String]) async throws {
        try await wait {
            for agent in try await center.allAgents() where addresses.contains(agent.ip) {
                for (app, version) in versions.sorted(by: { $0.key < $1.key }) {
                    let installed = agent.apps.first { $0.app == app }
                    if let problem = installed?.problem, !problem.isEmpty {
                        return "agent \(agent.ip) cannot install \(app): \(problem)"
                    }
                    if installed?.version != version { return "agent \(agent.ip) does not run \(app) \(version) yet" }
                }
            }
            return nil
        }
    }

    /// Asks ten times a second until nothing is missing.
    private func wait(for missing: () async throws -> String?) async throws {
        let clock = ContinuousClock()
        let start = clock.now
        var noted = start
        while true {
            var reason: String
            do {
                guard let missing = try await missing() else { return }
                reason = missing
            } catch let error as CenterError {
                reason = error.detail
            }
            try Task.checkCancellation()
            if clock.now - start > Self.patience {
                throw Failure(.cliUpComponent, "the center did not get ready within 2 minutes: \(reason)")
            }
            if clock.now - noted > Self.noteEvery {
                noted = clock.now
                note("waiting: \(reason)")
            }
            try await clock.sleep(for: .milliseconds(100))
        }
    }
}
