/// Which ends lie on the disk: those that nobody took yet, and the last that someone did.
///
/// Knows no file.
struct ShelvedEnds {
    /// What has to go: its file, and word of it where nobody took it.
    struct Gone: Hashable {
        var key: AttemptKey
        /// The limit that said so; nil for one that was taken.
        var limit: String?
    }

    private struct Kept {
        var bytes: Int64
        var at: Int64
        var isTaken = false
    }

    private static let block: Int64 = 4096

    private let place: EndPlace
    private var ends: [AttemptKey: Kept] = [:]
    private var order = ArrivalOrder()
    /// Those that were taken, the first of them first.
    private var taken: [AttemptKey] = []
    private var bytes: Int64 = 0

    init(_ place: EndPlace) { self.place = place }

    /// Attempts whose ends nobody took.
    var untakenKeys: [AttemptKey] { ends.filter { !$0.value.isTaken }.map(\.key) }

    func contains(_ key: AttemptKey) -> Bool { ends[key] != nil }

    /// An end lies on the disk that came at a time; answers with those that have to go for it, the oldest first.
    mutating func add(_ key: AttemptKey, bytes count: Int, at: Int64) -> [Gone] {
        forget(key)
        let kept = Kept(bytes: max(Int64(count), Self.block), at: at)
        ends[key] = kept
        bytes += kept.bytes
        order.append(key)
        return dropOld(now: at)
    }

    /// Drops what is too old, or too much: first what was taken.
    mutating func dropOld(now: Int64) -> [Gone] {
        var gone: [Gone] = []
        while taken.count > place.remembered || (isTooMuch && !taken.isEmpty) {
            gone.append(Gone(key: taken[0], limit: nil))
            forget(taken[0])
        }
        while let key = order.oldest(where: { ends[$0]?.isTaken == false }), let kept = ends[key] {
            guard now - kept.at > place.age || isTooMuch else { break }
            gone.append(Gone(key: key, limit: now - kept.at > place.age ? "age" : "disk"))
            forget(key)
        }
        return gone
    }

    private var isTooMuch: Bool { ends.count > place.count || bytes > place.bytes }

    /// An end is handed over.
    mutating func take(_ key: AttemptKey) {
        guard ends[key]?.isTaken == false else { return }
        ends[key]?.isTaken = true
        taken.append(key)
    }

    /// An end is not here any more.
    mutating func forget(_ key: AttemptKey) {
        guard let kept = ends.removeValue(forKey: key) else { return }
        bytes -= kept.bytes
        if kept.isTaken { taken.removeAll { $0 == key } }
    }
}
