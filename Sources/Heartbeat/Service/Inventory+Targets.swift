import ElvesCore

/// Questions about many agents.
extension Inventory {
    /// Ids that `targets` hit and `exclude` does not, by id, and the words of `targets` that hit nothing.
    func hits(_ targets: TargetExpression, exclude: TargetExpression) -> (ids: [ElvesID], unmatched: [String]) {
        let (hits, unmatched) = plainHits(targets) ?? scannedHits(targets)
        guard !exclude.terms.isEmpty else { return (hits, unmatched) }
        let kept = hits.filter { id in entries[id].map { !exclude.matches($0.attributes) } ?? false }
        return (kept, unmatched)
    }

    private func scannedHits(_ targets: TargetExpression) -> ([ElvesID], [String]) {
        let hits = targets.hits(in: ids.lazy.compactMap { entries[$0]?.attributes })
        return (hits.places.map { ids[$0] }, hits.unmatched)
    }

    /// Plain words need no look at every agent: the indexes know them. Nil when there are other terms.
    private func plainHits(_ targets: TargetExpression) -> ([ElvesID], [String])? {
        var found: Set<ElvesID> = []
        var unmatched: [String] = []
        for (term, text) in targets.terms {
            let hit: [ElvesID]
            switch term {
            case .id(let id): hit = entries[id] == nil ? [] : [id]
            case .name(let name): hit = ids(named: name)
            case .address(let address): hit = id(at: address.description).map { [$0] } ?? []
            default: return nil
            }
            found.formUnion(hit)
            if hit.isEmpty, !unmatched.contains(text) { unmatched.append(text) }
        }
        return (found.sorted(), unmatched)
    }
}
