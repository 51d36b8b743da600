import ElvesCore

/// Which agents are there, as events told it: who is away for seconds only never left. A value: it lives in a Mutex.
struct FleetPresence {
    private struct Sight {
        /// As events told it.
        var isUp: Bool
        /// When it was first seen away, in microseconds; nil while it is there, or told to be away.
        var awaySince: Int64?
        /// Until when it may be away without that being news, after this start; 0 later.
        var graceUntil: Int64 = 0
    }

    private var sights: [ElvesID: Sight] = [:]

    /// Nobody was there.
    init() {}

    /// Takes over who was there when heartbeat stopped: those who had beaten shortly before the last beat of all.
    ///
    /// Whether they are there still shows when they had time to find back.
    init(lastBeats: [ElvesID: Int64], now: Int64, _ limits: HeartbeatLimits) {
        let newest = lastBeats.values.max() ?? 0
        let recent = limits.quietWriteMs + 3 * limits.beatIntervalMs(agents: lastBeats.count) + limits.absenceMs
        for (id, beatAt) in lastBeats {
            let wasUp = newest - beatAt <= recent
            sights[id] = Sight(isUp: wasUp, graceUntil: wasUp ? now + limits.returnMs * 1_000 : 0)
        }
    }

    /// Takes in whether the agent is there; answers with what that makes known, if it is news.
    mutating func see(_ id: ElvesID, isThere: Bool, now: Int64, absenceMs: Int64) -> FleetEventKind? {
        var sight = sights[id] ?? Sight(isUp: false)
        defer { sights[id] = sight }
        if isThere {
            sight.awaySince = nil
            sight.graceUntil = 0
            guard !sight.isUp else { return nil }
            sight.isUp = true
            return .agentUp
        }
        guard sight.isUp else { return nil }
        let since = sight.awaySince ?? now
        sight.awaySince = since
        guard now >= sight.graceUntil, now - since >= absenceMs * 1_000 else { return nil }
        sight.isUp = false
        sight.awaySince = nil
        return .agentDown
    }

    mutating func forget(_ id: ElvesID) { sights[id] = nil }
}
