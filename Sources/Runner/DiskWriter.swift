internal import CElvesProcess
internal import Glibc
internal import Synchronization

/// Writes copies of outputs, and does what else has to do with files, on a thread of its own: a slow disk holds up
/// neither workers nor their ends.
///
/// The thread starts with the first job. While the machine has none to give, jobs are done by who brings them.
final class DiskWriter: Sendable {
    private enum Job: Sendable {
        case frame(CopyFile, [UInt8])
        case end(CopyFile, @Sendable (Int64?) -> Void)
        case work(@Sendable () -> Void)
    }

    private struct Inbox {
        var jobs: [Job] = []
        var bytes = 0
        var hasThread = false
        var isStopped = false
    }

    /// Bytes of copies that may wait to be written; a copy that would exceed them ends.
    private let limit: Int
    private let inbox = Mutex(Inbox())
    private let wake = elves_eventfd()

    private let spawn: @Sendable (DiskWriter) -> Bool

    /// - Parameter spawn: starts the thread; false when there is none to be had.
    init(limit: Int = 16 << 20, spawn: @escaping @Sendable (DiskWriter) -> Bool = { thread(of: $0) }) {
        self.limit = limit
        self.spawn = spawn
    }

    deinit { close(wake) }

    /// Has a frame written, at some time; false when too much waits.
    func append(_ frame: [UInt8], to file: CopyFile) -> Bool {
        let (isTaken, mustStart) = inbox.withLock { inbox -> (Bool, Bool) in
            guard !inbox.isStopped, inbox.bytes + frame.count <= limit else { return (false, false) }
            inbox.jobs.append(.frame(file, frame))
            inbox.bytes += frame.count
            defer { inbox.hasThread = true }
            return (true, !inbox.hasThread)
        }
        if mustStart { start() }
        if isTaken { rouse() }
        return isTaken
    }

    /// Ends a copy when everything before is written, and says how many bytes of output it holds.
    func end(_ file: CopyFile, _ done: @escaping @Sendable (Int64?) -> Void) {
        let isLater = inbox.withLock { inbox in
            if inbox.hasThread, !inbox.isStopped { inbox.jobs.append(.end(file, done)) }
            return inbox.hasThread && !inbox.isStopped
        }
        if isLater { rouse() } else { done(file.end()) }
    }

    /// Has something done that blocks; false once it is stopped.
    func perform(_ work: @escaping @Sendable () -> Void) -> Bool {
        let (isTaken, mustStart) = inbox.withLock { inbox -> (Bool, Bool) in
            guard !inbox.isStopped else { return (false, false) }
            inbox.jobs.append(.work(work))
            defer { inbox.hasThread = true }
            return (true, !inbox.hasThread)
        }
        if mustStart { start() }
        if isTaken { rouse() }
        return isTaken
    }

    /// Ends the thread after what is queued.
    func stop() {
        inbox.withLock { $0.isStopped = true }
        rouse()
    }

    private func rouse() {
        var one: UInt64 = 1
        _ = write(wake, &one, MemoryLayout.size(ofValue: one))
    }

    /// Has what waits done: by a thread, or here and now. The next job tries again for one.
    private func start() {
        if spawn(self) { return }
        while true {
            let jobs = inbox.withLock { inbox -> [Job] in
                // Whoever comes meanwhile leaves its job here: the order stays.
                if inbox.jobs.isEmpty { inbox.hasThread = false }
                defer { inbox.jobs = [] }
                return inbox.jobs
            }
            if jobs.isEmpty { return }
            carryOut(jobs)
        }
    }

    static func thread(of writer: DiskWriter) -> Bool {
        var id = pthread_t()
        let this = Unmanaged.passRetained(writer)
        let failure = pthread_create(
            &id, nil,
            { raw in
                if let raw { Unmanaged<DiskWriter>.fromOpaque(raw).takeRetainedValue().run() }
                return nil
            }, this.toOpaque())
        guard failure == 0 else {
            this.release()
            return false
        }
        pthread_detach(id)
        return true
    }

    private func run() {
        while true {
            let (jobs, isStopped) = inbox.withLock { inbox -> ([Job], Bool) in
                defer { inbox.jobs = [] }
                return (inbox.jobs, inbox.isStopped)
            }
            if jobs.isEmpty {
                if isStopped { return }
                var seen: UInt64 = 0
                var waiting = pollfd(fd: wake, events: Int16(POLLIN), revents: 0)
                poll(&waiting, 1, -1)
                _ = read(wake, &seen, MemoryLayout.size(ofValue: seen))
            }
            carryOut(jobs)
        }
    }

    /// Frames of one file that follow each other are written at once.
    private func carryOut(_ jobs: [Job]) {
        var pending: [UInt8] = []
        for (index, job) in jobs.enumerated() {
            switch job {
            case .frame(let file, let frame):
                pending += frame
                if index + 1 < jobs.count, case .frame(let next, _) = jobs[index + 1], next === file,
                    pending.count < 1 << 18
                {
                    continue
                }
                file.write(pending)
                let count = pending.count
                inbox.withLock { $0.bytes -= count }
                pending.removeAll(keepingCapacity: true)
            case .end(let file, let done): done(file.end())
            case .work(let work): work()
            }
        }
    }
}
