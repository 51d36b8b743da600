/// What is done to a center and its agents, and when: all of it follows from a seed.
package struct FaultPlan: Sendable {
    /// Who is hit.
    package enum Victim: Hashable, Sendable, CustomStringConvertible {
        case component(String)
        case agent(Int)
        case runner(Int)

        package var description: String {
            switch self {
            case .component(let name): name
            case .agent(let number): "agent \(number)"
            case .runner(let number): "runner \(number)"
            }
        }
    }

    /// A way between two programs on which only bytes are seen.
    package enum Way: Hashable, Sendable, CustomStringConvertible {
        /// An agent's to heartbeat.
        case heartbeat(agent: Int)
        /// openapi's to the scheduler.
        case openapi

        package var description: String {
            switch self {
            case .heartbeat(let agent): "agent \(agent)–heartbeat"
            case .openapi: "openapi–scheduler"
            }
        }

        fileprivate var kind: String {
            switch self {
            case .heartbeat: "agent–heartbeat"
            case .openapi: "openapi–scheduler"
            }
        }
    }

    /// What has a wall clock of its own.
    package enum Machine: Hashable, Sendable, CustomStringConvertible {
        case center
        case agent(Int)

        package var description: String {
            switch self {
            case .center: "center"
            case .agent(let number): "agent \(number)"
            }
        }
    }

    /// What happens.
    package enum Fault: Hashable, Sendable, CustomStringConvertible {
        /// `kill -9`; whoever watches over it starts it again.
        case kill(Victim)
        /// SIGSTOP, and SIGCONT after so many milliseconds.
        case pause(Victim, ms: Int)
        /// An agent's connection to the scheduler ends, whatever is under way.
        case cut(agent: Int)
        /// The connections of another way end.
        case part(Way)
        /// One end of them ends, and the other's peer hears nothing of it for a while.
        case halve(Way, ms: Int)
        /// Nothing passes for a while though the connection stands.
        case mute(agent: Int, ms: Int)
        /// Messages are repeated, and overtake each other, for a while.
        case scramble(agent: Int, ms: Int)
        /// A disk is full for a while: the scheduler's, or an agent's.
        case fill(Victim, ms: Int)
        /// The wall clock of a machine jumps: from now on it is so many seconds ahead, or behind where that is negative.
        case clock(of: Machine, ahead: Int)

        package var description: String {
            switch self {
            case .kill(let victim): "kill -9 \(victim)"
            case .pause(let victim, let ms): "pause \(victim) \(ms) ms"
            case .cut(let agent): "cut agent \(agent)"
            case .part(let way): "cut \(way)"
            case .halve(let way, let ms): "half-open \(way) \(ms) ms"
            case .mute(let agent, let ms): "mute agent \(agent) \(ms) ms"
            case .scramble(let agent, let ms): "scramble agent \(agent) \(ms) ms"
            case .fill(let victim, let ms): "fill the disk of \(victim) \(ms) ms"
            case .clock(let machine, let seconds): "clock of \(machine) \(seconds < 0 ? "" : "+")\(seconds) s"
            }
        }

        /// The word that a report counts it under.
        package var kind: String {
            switch self {
            case .kill(.component(let name)): "kill -9 \(name)"
            case .kill(.agent): "kill -9 agent"
            case .kill(.runner): "kill -9 runner"
            case .pause(.component, _): "pause component"
            case .pause(.agent, _): "pause agent"
            case .pause(.runner, _): "pause runner"
            case .cut: "cut"
            case .part(let way): "cut \(way.kind)"
            case .halve(let way, _): "half-open \(way.kind)"
            case .mute: "mute"
            case .scramble: "scramble"
            case .fill(.component, _): "full disk of scheduler"
            case .fill: "full disk of agent"
            case .clock(.center, _): "clock step of center"
            case .clock: "clock step of agent"
            }
        }
    }

    package struct Step: Hashable, Sendable {
        /// Milliseconds since the step before.
        package var afterMs: Int
        package var fault: Fault
    }

    /// Which kinds a run has: full disks need a file system of their own, clock steps a library.
    package struct Means: Sendable {
        package var disks: Bool
        package var clock: Bool

        package init(disks: Bool, clock: Bool) {
            self.disks = disks
            self.clock = clock
        }
    }

    /// Seconds by which a clock is wrong at most: certificates are valid all the time.
    package static let clockError = 7_200

    package static let components = ["scheduler", "heartbeat", "supervisor", "openapi"]

    private var random: SeededRandom
    private let agents: Int
    private let means: Means
    /// What is left of the round.
    private var round: [Fault] = []

    package init(seed: UInt64, agents: Int, means: Means) {
        random = SeededRandom(seed: seed)
        self.agents = agents
        self.means = means
    }

    /// The next thing that happens: every kind comes before any comes in a later round.
    package mutating func next() -> Step {
        if round.isEmpty { round = newRound() }
        return Step(afterMs: Int.random(in: 200...2_500, using: &random), fault: round.removeLast())
    }

    /// All kinds in an order that the seed gives, those with the most to lose twice.
    private mutating func newRound() -> [Fault] {
        var faults: [Fault] = Self.components.map { .kill(.component($0)) }
        faults += [
            .kill(.component("scheduler")), .kill(.agent(agent())), .kill(.agent(agent())), .kill(.runner(agent())),
            .pause(.component("scheduler"), ms: duration()), .pause(.component(component()), ms: duration()),
            .pause(.agent(agent()), ms: duration()), .pause(.runner(agent()), ms: duration()),
            .cut(agent: agent()), .cut(agent: agent()), .part(.heartbeat(agent: agent())), .part(.openapi),
            .halve(.heartbeat(agent: agent()), ms: duration()), .halve(.openapi, ms: duration()),
            .mute(agent: agent(), ms: duration() * 2), .scramble(agent: agent(), ms: duration()),
            .scramble(agent: agent(), ms: duration()),
        ]
        if means.disks {
            faults += [.fill(.component("scheduler"), ms: fullness()), .fill(.agent(agent()), ms: fullness())]
        }
        if means.clock {
            faults += [.clock(of: .center, ahead: clockError()), .clock(of: .agent(agent()), ahead: clockError())]
        }
        return faults.shuffled(using: &random)
    }

    private mutating func agent() -> Int { Int.random(in: 0..<agents, using: &random) }

    /// Any but the scheduler.
    private mutating func component() -> String { Self.components[Int.random(in: 1..<4, using: &random)] }

    private mutating func duration() -> Int { Int.random(in: 100...4_000, using: &random) }

    private mutating func fullness() -> Int { Int.random(in: 300...2_000, using: &random) }

    private mutating func clockError() -> Int {
        Int.random(in: -Self.clockError...Self.clockError, using: &random)
    }
}

/// SplitMix64: the same numbers for the same seed, everywhere.
package struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
