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

    /// A caller key's tasks.
    final class KeyLine {
        let name: String
        let limit: Int
        let queuedLimit: Int
        var running = 0
        /// Sources that are not forgotten yet.
        var sources = 0
        /// Sources to try, in turn.
        var ready = LinkedSet<Source>()
        /// Sources that were woken for a place which somebody else could take instead.
        var woken: Set<Source> = []

        init(_ name: String, _ limits: QueueLimits) {
            self.name = name
            limit = limits.key(name)
            queuedLimit = limits.queuedKey(name)
        }

        var isFull: Bool { running >= queuedLimit }
        var isEmpty: Bool { running == 0 && sources == 0 }
    }

    /// An app's tasks.
    final class AppLine {
        let name: String
        let limit: Int
        let queuedLimit: Int
        var running = 0
        var sources = 0
        /// Sources that wait for a place.
        var waiting = TurnList<Source>()

        init(_ name: String, _ limits: QueueLimits) {
            self.name = name
            limit = limits.app(name)
            queuedLimit = limits.queuedApp(name)
        }

        var isFull: Bool { running >= queuedLimit }
        var isEmpty: Bool { running == 0 && sources == 0 }
    }

    /// An agent's tasks.
    final class AgentLine {
        let id: ElvesID
        var isConnected = false
        /// How many tasks that waited their turn it takes at once.
        var queuedLimit: Int
        var running = 0
        /// Sources with items that wait for a place here.
        var waiting = TurnList<Source>()
        var items: [Source: LinkedSet<Item>] = [:]

        init(_ id: ElvesID, _ limits: QueueLimits) {
            self.id = id
            queuedLimit = limits.queuedPerAgent
        }

        var isEmpty: Bool { !isConnected && running == 0 && waiting.isEmpty }
    }

    /// A source and what of it waits.
    final class SourceLine {
        let name: Source
        let key: KeyLine
        let app: AppLine
        var whenAway: WhenAway
        /// Tasks in flight at once.
        let concurrency: Int
        var running = 0
        var standing = Standing.idle
        /// A batch's tasks; those before `next` have been looked at.
        let plan: [PlannedTask]
        private var next = 0
        /// Items of the plan that are not looked at in its order.
        private let left: Set<Item>
        /// Single tasks: each one's agent.
        var targets: [Item: AgentName] = [:]
        /// Items that go before the rest of the plan: single ones, and such that were looked at before.
        var front = LinkedSet<Item>()
        /// Items for whose agents a place became free, and that keep nobody else from it.
        var woken = LinkedSet<Item>()
        /// Items that wait at an agent which is full.
        var parked: [Item: AgentLine] = [:]
        /// Items that wait for their agents to connect.
        var away: [AgentName: Item] = [:]

        init(
            _ name: Source, key: KeyLine, app: AppLine, whenAway: WhenAway = .handOut, concurrency: Int = .max,
            plan: [PlannedTask] = [], without left: Set<Item> = []
        ) {
            self.name = name
            self.key = key
            self.app = app
            self.whenAway = whenAway
            self.concurrency = concurrency
            self.plan = plan
            self.left = left
        }

        var hasItems: Bool { next < plan.count || !front.isEmpty || !woken.isEmpty }

        func agent(of item: Item) -> AgentName? {
            plan.isEmpty ? targets[item] : AgentName(plan[Int(item)].target)
        }

        func task(of item: Item) -> ElvesID? {
            plan.isEmpty ? ElvesID(rawValue: item) : plan[Int(item)].id
        }

        /// The next item to look at.
        func take() -> Item? {
            if let item = woken.popFirst() ?? front.popFirst() { return item }
            while next < plan.count {
                next += 1
                if left.isEmpty || !left.contains(Item(next - 1)) { return Item(next - 1) }
            }
            return nil
        }
    }

    /// What a task in flight takes up.
    struct Place {
        let key: KeyLine
        let app: AppLine
        /// Nil when its agent was not connected.
        let agent: AgentLine?
        /// Nil when it did not wait its turn.
        let source: SourceLine?
    }
}
