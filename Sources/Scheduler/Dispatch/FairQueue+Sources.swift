import ElvesCore

extension FairQueue {
    /// What tasks come from: each has one caller key and one app.
    enum Source: Hashable, Sendable {
        case batch(ElvesID)
        /// All single tasks of a key for an app.
        case singles(key: String, app: String)
    }

    /// A task within its source: its place in the batch's plan, or its id.
    typealias Item = Int64

    /// What is done with a task whose agent is not connected.
    enum WhenAway: Sendable {
        /// It is handed out like any other.
        case handOut
        /// It waits here until its agent comes, without holding a place.
        case wait
        /// It ends.
        case end
    }

    /// The machine of a task, as far as it is named.
    enum AgentName: Hashable, Sendable {
        case id(ElvesID)
        case ip(String)

        init(_ target: TaskTarget) {
            self = target.id.map { .id($0) } ?? .ip(target.ip)
        }
    }

    /// Why a source is not tried.
    enum Standing: Sendable {
        /// It is tried when its key has its turn.
        case ready
        /// All its items are with agents, or wait for one.
        case idle
        /// As many of its tasks run as it allows itself.
        case ownFull
        /// As many tasks of its app run as may.
        case appFull
    }

    /// What stays the same about a source.
    struct Traits: Sendable {
        let key: String
        let app: String
        var whenAway = WhenAway.handOut
        /// Tasks in flight at once.
        var concurrency = Int.max
    }

    /// A source and what of it waits. Large: it is changed where it lies, never copied.
    struct SourceLine: Sendable {
        let traits: Traits
        var running = 0
        var standing = Standing.idle
        /// A batch's tasks; those before `next` have been looked at.
        var plan: [PlannedTask] = []
        var next = 0
        /// Single tasks: each one's agent.
        var targets: [Item: AgentName] = [:]
        /// Items that go before the rest of the plan: single ones, and such that were looked at before.
        var front = LinkedSet<Item>()
        /// Items for whose agents a place became free, and that keep nobody else from it.
        var woken = LinkedSet<Item>()
        /// Items that wait at an agent which is full.
        var parked: [Item: ElvesID] = [:]
        /// Items that wait for their agents to connect.
        var away: [AgentName: Item] = [:]

        init(_ traits: Traits, plan: [PlannedTask] = []) {
            self.traits = traits
            self.plan = plan
        }

        var hasItems: Bool { next < plan.count || !front.isEmpty || !woken.isEmpty }

        func agent(of item: Item) -> AgentName? {
            plan.isEmpty ? targets[item] : AgentName(plan[Int(item)].target)
        }

        func task(of item: Item) -> ElvesID? {
            plan.isEmpty ? ElvesID(rawValue: item) : plan[Int(item)].id
        }

        /// The next item to look at.
        mutating func take() -> Item? {
            if let item = woken.popFirst() ?? front.popFirst() { return item }
            guard next < plan.count else { return nil }
            next += 1
            return Item(next - 1)
        }
    }

    /// A caller key's tasks.
    struct KeyLine: Sendable {
        var running = 0
        /// Sources to try, in turn.
        var ready = LinkedSet<Source>()
        /// Sources that were woken for a place which somebody else could take instead.
        var woken: Set<Source> = []
    }

    struct AppLine: Sendable {
        var running = 0
        var waiting = TurnList<Source>()
    }

    struct AgentLine: Sendable {
        var isConnected = false
        var running = 0
        /// Sources with items that wait for a place here.
        var waiting = TurnList<Source>()
        var items: [Source: LinkedSet<Item>] = [:]
    }

    /// What a task in flight takes up.
    struct Place: Sendable {
        let key: String
        let app: String
        /// Nil when its agent was not connected.
        let agent: ElvesID?
        /// Nil when it did not wait its turn.
        let source: Source?

        init(key: String, app: String, agent: ElvesID?, source: Source? = nil) {
            self.key = key
            self.app = app
            self.agent = agent
            self.source = source
        }

        init(_ traits: Traits, agent: ElvesID?, source: Source) {
            self.init(key: traits.key, app: traits.app, agent: agent, source: source)
        }
    }
}
