internal import Glibc
internal import Synchronization

/// Whether the folder of output copies may take one more.
///
/// Looked at once a second at most, and once in ten while it is less than half full: workers that start in between
/// may take it over its limit, each by its own.
final class CopyRoom: Sendable {
    private static let pause: Int64 = 1
    private static let longPause: Int64 = 10
    private let folder: String
    private let limit: Int64
    private let state = Mutex((nextLook: Int64.min, hasRoom: true))

    init(folder: String, limit: Int64) {
        self.folder = folder
        self.limit = limit
    }

    var hasRoom: Bool {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let seconds = Int64(now.tv_sec)
        return state.withLock { state in
            if seconds >= state.nextLook {
                let size = size
                state.hasRoom = size < limit
                state.nextLook = seconds + (size < limit / 2 ? Self.longPause : Self.pause)
            }
            return state.hasRoom
        }
    }

    private var size: Int64 {
        Disk.names(in: folder).reduce(0) { $0 + (Disk.size(folder + "/" + $1) ?? 0) }
    }
}
