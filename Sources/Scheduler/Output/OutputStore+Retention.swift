import AgentLinks
import ElvesCore
import Logging
import Synchronization

/// What goes: whole segments, oldest first.
extension OutputStore {
    /// Closes a segment that is old enough and deletes what is too old or too much. Called now and then.
    package func maintain() async {
        followers.wakeDue(time.micros())
        let done: ()? = try? await writing.run { () throws(ElvesError) in
            let nowMs = self.time.wallMs()
            let isOld = self.state.withLock { state in
                guard let open = state.open, !open.entries.isEmpty else { return false }
                return abs(nowMs - open.segment.name.createdAtMs) >= self.options.segmentMs
            }
            if isOld { try self.closeOpenSegment() }
            self.dropOldSegments()
        }
        if done == nil { logger.debug("a segment of output stays open: its index cannot be written") }
    }

    /// Wakes followers whose time has come. Called often.
    package func sweep(_ now: Int64) {
        for key in state.withLock({ $0.ended.takeDue(now) }) { followers.wake(key.task) }
        followers.wakeDue(now)
    }

    /// On the writer's thread.
    func dropOldSegments() {
        let nowMs = time.wallMs()
        let dropped = state.withLock { state in
            var bytes = state.closed.reduce(0) { $0 + $1.size } + (state.open?.end ?? 0)
            // Room for the open one to grow.
            let bound = max(0, options.bytes - options.segmentBytes)
            let kept = state.closed.drop { segment in
                guard bytes > bound || nowMs - segment.closedAtMs > options.keepMs else { return false }
                bytes -= segment.size
                return true
            }
            defer { state.closed = Array(kept) }
            return Array(state.closed[..<kept.startIndex])
        }
        for segment in dropped {
            do throws(ElvesError) {
                // Who reads it at the moment still can.
                try DataFolder.remove(segment.name.path)
            } catch {
                logger.error(
                    "old output cannot be deleted",
                    metadata: ["path": "\(segment.name.path)", "error": "\(error.message)"])
            }
        }
    }
}
