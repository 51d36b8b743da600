package import AgentLinks
import ElvesCore
package import Logging
import Synchronization

/// Knows who is alive, what each agent should run, and hands out the files for it.
///
/// `load()` comes first, then `run()` beside the calls: it follows the catalog, tells agents of changes,
/// writes records and forgets agents that are long gone.
package final class HeartbeatService: Sendable {
    /// The planner and the number of catalogs that came before it.
    struct Plan {
        var number = 0
        var planner = DesiredStatePlanner(nil)
        var generation: Int64 = 0
    }

    let limits: HeartbeatLimits
    let time: Timekeeper
    let logger: Logger
    let store: any HeartbeatStore
    let catalogSource: any CatalogSource
    let registry: AgentRegistry<FleetChannel>
    let files: FileCache
    let inventory: Mutex<Inventory>
    let plan = Mutex(Plan())
    let events: FleetEventRing
    /// Who is known to be there, as events told it.
    let presence = Mutex(FleetPresence())
    /// Nil until the store or the supervisor gave one.
    let catalog = Mutex<Catalog?>(nil)
    let unwritten = Mutex(Unwritten())
    let needsRefresh = Atomic<Bool>(false)
    /// Whether the store lacks a change of the catalog that is in force.
    let catalogIsUnsaved = Atomic<Bool>(false)
    private let isLoaded = Atomic<Bool>(false)

    /// Creates a service over a store.
    package init(
        store: any HeartbeatStore, catalog: any CatalogSource, files: any FileSource,
        limits: HeartbeatLimits = HeartbeatLimits(), time: Timekeeper = .system,
        probeLimit: Duration = .seconds(1), logger: Logger
    ) {
        self.store = store
        self.limits = limits
        self.time = time
        self.logger = logger
        catalogSource = catalog
        registry = AgentRegistry(probeLimit: probeLimit)
        self.files = FileCache(files, capacity: limits.cachedFileBytes)
        // Grows over restarts as long as changes come slower than one a millisecond.
        inventory = Mutex(Inventory(generation: time.wallMs()))
        events = FleetEventRing(epoch: time.wallMs(), capacity: limits.events)
    }

    /// Reads agents and catalog from the store.
    package func load() async throws {
        var after: ElvesID?
        repeat {
            let page = try await store.agents(after: after, limit: limits.writeBatch)
            inventory.withLock { inventory in for record in page { inventory.load(record) } }
            after = page.count == limits.writeBatch ? page.last?.agent.id : nil
        } while after != nil
        let known = inventory.withLock { $0.entries.mapValues(\.record.lastBeatAt) }
        presence.withLock { $0 = FleetPresence(lastBeats: known, now: time.micros(), limits) }
        if let known = try await store.catalog() {
            catalog.withLock { $0 = known }
            adopt(known)
        }
        isLoaded.store(true, ordering: .releasing)
    }

    /// Works until the task is cancelled, then writes what it can.
    package func run() async {
        await withTaskGroup { group in
            group.addTask { await self.followUntilCancelled() }
            group.addTask { await self.refreshUntilCancelled() }
            group.addTask { await self.writeUntilCancelled() }
            group.addTask { await self.forgetUntilCancelled() }
            group.addTask { await self.watchUntilCancelled() }
        }
        while await writeSome() {}
    }

    // MARK: Connections

    /// Takes in an agent's connection after its hello, or says why not.
    package func connect(_ link: any FleetLink) async throws(AgentRefusal) -> FleetChannel {
        let channel = FleetChannel(link)
        do {
            try await registry.admit(channel)
        } catch {
            logger.warning(
                "an agent was refused",
                metadata: ["agent": "\(link.agent)", "code": "\(error.code.code)", "why": "\(error.message)"])
            throw error
        }
        return channel
    }

    /// Notes that a connection ended.
    package func disconnect(_ channel: FleetChannel) {
        registry.leave(channel)
    }

    // MARK: State

    /// Nil when calls are served, else why not.
    package var notReadyReason: String? {
        if !isLoaded.load(ordering: .acquiring) { return "reading agents and catalog" }
        return unwritten.withLock { $0.failure }.map { "agents cannot be written: \($0)" }
    }

    /// Counters and gauges by name.
    package var figures: [String: Int64] {
        [
            "agents_known": inventory.withLock { Int64($0.entries.count) },
            "agents_connected": Int64(registry.count),
            "agents_unwritten": unwritten.withLock { Int64($0.ids.count) },
            "catalog_generation": plan.withLock { $0.generation },
            "files_cached_bytes": Int64(files.bytes),
        ]
    }

    /// Plans by this catalog from now on.
    func adopt(_ catalog: Catalog) {
        let planner = DesiredStatePlanner(catalog)
        for binding in planner.unreadable {
            logger.warning("a binding cannot be read; its app stays as it is", metadata: ["binding": "\(binding)"])
        }
        plan.withLock { $0 = Plan(number: $0.number + 1, planner: planner, generation: catalog.generation) }
        needsRefresh.store(true, ordering: .releasing)
    }
}
