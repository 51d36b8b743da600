/// Lets a caller read what it wrote: a change that went through this edge is answered when this edge knows it.
struct CatchUp: Sendable {
    /// How long a change may take to come back; after that the answer goes out without it.
    static let patience: Duration = .seconds(2)

    let catalog: Catalog
    let keys: KeyRing
    let clock: EdgeClock

    /// Returns when the condition holds, or when patience ends.
    func until(_ holds: @Sendable (Catalog, KeyRing) -> Bool) async {
        let end = clock.ticks() + Self.patience.milliseconds
        while !holds(catalog, keys), clock.ticks() < end {
            guard (try? await clock.sleep(.milliseconds(5))) != nil else { return }
        }
    }
}
