import ElvesCore
import Synchronization

/// Tasks that were to end, whose agent was away so long that their end is unknown: the wish is carried out when it is
/// back, for as long as this process lives.
final class OpenKills: Sendable {
    /// A task that may still run, and why it must not.
    struct Kill: Sendable {
        let task: ElvesID
        let reason: String
    }

    /// Kept for one agent at most; the oldest go first.
    private static let limit = 1_000
    private let kills = Mutex<[ElvesID: [Kill]]>([:])

    func add(_ kill: Kill, at agent: ElvesID) {
        kills.withLock { kills in
            var list = kills[agent] ?? []
            if list.count >= Self.limit { list.removeFirst() }
            list.append(kill)
            kills[agent] = list
        }
    }

    /// Takes out all for this agent.
    func take(_ agent: ElvesID) -> [Kill] {
        kills.withLock { $0.removeValue(forKey: agent) ?? [] }
    }
}
