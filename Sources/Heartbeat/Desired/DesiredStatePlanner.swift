import ElvesCore

/// Works out what each agent should have: the catalog's live versions where their bindings hit it.
///
/// Pure. It errs on the side of leaving things alone: without a catalog, with an empty one, for apps that the
/// catalog does not know and for bindings that cannot be read, nothing is removed.
struct DesiredStatePlanner {
    private struct Plan {
        let entry: CatalogEntry
        let bindings: [TargetExpression]
        /// Whether every binding could be read.
        let isClear: Bool
    }

    /// By the app's name.
    private let plans: [Plan]
    /// Live apps that hold a file, by its digest.
    private let holders: [[UInt8]: (file: PackageFile, apps: [Int])]
    /// Bindings that cannot be read, for the log.
    let unreadable: [String]

    init(_ catalog: Catalog?) {
        var plans: [Plan] = []
        var unreadable: [String] = []
        var holders: [[UInt8]: (file: PackageFile, apps: [Int])] = [:]
        for entry in (catalog?.entries ?? [:]).values.sorted(by: { $0.app < $1.app }) {
            let bindings = entry.bindings.map { text in try? TargetExpression(parsing: text) }
            for (text, binding) in zip(entry.bindings, bindings) where binding == nil {
                unreadable.append("\(entry.app): \(text)")
            }
            for file in entry.live?.files ?? [] where !entry.removed {
                holders[file.digest, default: (file, [])].apps.append(plans.count)
            }
            plans.append(
                Plan(entry: entry, bindings: bindings.compactMap(\.self), isClear: !bindings.contains { $0 == nil }))
        }
        self.plans = plans
        self.unreadable = unreadable
        self.holders = holders
    }

    /// What the agent should have; nil when nobody can say.
    func desired(for agent: AgentAttributes, installed: [InstalledApp]) -> DesiredState? {
        guard !plans.isEmpty else { return nil }
        var apps: [LiveVersion] = []
        var removals: [String] = []
        let installed = Set(installed.map(\.app))
        for plan in plans {
            if wants(plan, agent) {
                if let live = plan.entry.live { apps.append(live) }
            } else if installed.contains(plan.entry.app), plan.entry.removed || plan.isClear {
                removals.append(plan.entry.app)
            }
        }
        return DesiredState(apps: apps, removals: removals)
    }

    /// The file, if a tree that the agent should have holds it.
    func file(_ digest: [UInt8], for agent: AgentAttributes) -> FileVerdict {
        guard let (file, apps) = holders[digest] else { return .unknown }
        return apps.contains { wants(plans[$0], agent) } ? .granted(file) : .denied
    }

    enum FileVerdict: Hashable {
        case granted(PackageFile)
        /// A file of an app that the agent should not have.
        case denied
        /// In no live tree.
        case unknown
    }

    private func wants(_ plan: Plan, _ agent: AgentAttributes) -> Bool {
        !plan.entry.removed && plan.bindings.contains { $0.matches(agent) }
    }
}
