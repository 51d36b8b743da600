internal import CElvesProcess
internal import Glibc
internal import Synchronization

/// What a `DescriptorLoop` calls, on its thread.
protocol DescriptorLoopDelegate: AnyObject, Sendable {
    /// The descriptor registered as `token` can be read, written or has hung up.
    nonisolated func ready(token: UInt64)
    /// Called once a turn; answers when it wants to be called next, in monotonic nanoseconds.
    nonisolated func turn(now: Int64) -> Int64?
}

/// One thread that waits for descriptors by epoll and runs an actor's jobs in between.
package final class DescriptorLoop: SerialExecutor {
    private struct Inbox {
        var jobs: [UnownedJob] = []
        var work: [@Sendable () -> Void] = []
        var isStopped = false

        var isEmpty: Bool { jobs.isEmpty && work.isEmpty }
    }

    private static let wakeToken: UInt64 = 0

    private let epoll = elves_epoll_create()
    private let wake = elves_eventfd()
    private let inbox = Mutex(Inbox())
    private let thread = Atomic<UInt>(0)

    package init() {
        _ = elves_epoll_add(epoll, wake, 0, Self.wakeToken)
    }

    deinit {
        close(epoll)
        close(wake)
    }

    /// Starts the thread; it keeps the loop and the delegate alive until `stop`.
    func start(delegate: any DescriptorLoopDelegate) {
        final class Start {
            let run: () -> Void
            init(_ run: @escaping () -> Void) { self.run = run }
        }
        let start = Unmanaged.passRetained(Start { self.run(delegate) })
        var id = pthread_t()
        let failure = pthread_create(
            &id, nil,
            { raw in
                if let raw { Unmanaged<Start>.fromOpaque(raw).takeRetainedValue().run() }
                return nil
            }, start.toOpaque())
        precondition(failure == 0, "no thread for the worker loop: errno \(failure)")
        pthread_detach(id)
    }

    /// Ends the thread after the jobs that are queued.
    func stop() {
        inbox.withLock { $0.isStopped = true }
        rouse()
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isFirst = inbox.withLock {
            $0.jobs.append(job)
            return $0.jobs.count == 1
        }
        if isFirst, !isOnThread { rouse() }
    }

    /// Runs something on the thread, from where nothing can be awaited.
    func perform(_ work: @escaping @Sendable () -> Void) {
        inbox.withLock { $0.work.append(work) }
        rouse()
    }

    package func checkIsolated() {
        precondition(isOnThread, "worker state is only touched on its loop's thread")
    }

    /// Watches a descriptor; `token` must not be 0.
    func watch(_ descriptor: Int32, forWriting: Bool = false, token: UInt64) {
        _ = elves_epoll_add(epoll, descriptor, forWriting ? 1 : 0, token)
    }

    /// Must come before the descriptor is closed: a worker may hold its other copy open.
    func forget(_ descriptor: Int32) {
        _ = elves_epoll_remove(epoll, descriptor)
    }

    private var isOnThread: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    private func rouse() {
        var one: UInt64 = 1
        _ = write(wake, &one, MemoryLayout.size(ofValue: one))
    }

    private func run(_ delegate: any DescriptorLoopDelegate) {
        thread.store(UInt(pthread_self()), ordering: .relaxed)
        var tokens = [UInt64](repeating: 0, count: 64)
        var jobs: [UnownedJob] = []
        while true {
            runJobs(&jobs)
            let now = elves_monotonic_ns()
            let next = delegate.turn(now: now)
            let (isIdle, isStopped) = inbox.withLock { ($0.isEmpty, $0.isStopped) }
            if isIdle, isStopped { return }
            let count = elves_epoll_wait(epoll, &tokens, 64, isIdle ? Self.pause(until: next, now: now) : 0)
            for index in 0..<Int(count) {
                if tokens[index] == Self.wakeToken {
                    var seen: UInt64 = 0
                    _ = read(wake, &seen, MemoryLayout.size(ofValue: seen))
                } else {
                    delegate.ready(token: tokens[index])
                }
            }
        }
    }

    private func runJobs(_ jobs: inout [UnownedJob]) {
        let work = inbox.withLock { inbox in
            swap(&inbox.jobs, &jobs)
            defer { inbox.work = [] }
            return inbox.work
        }
        for item in work { item() }
        for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
        jobs.removeAll(keepingCapacity: true)
    }

    private static func pause(until next: Int64?, now: Int64) -> Int32 {
        guard let next else { return -1 }
        return Int32(clamping: max(0, (next - now + 999_999) / 1_000_000))
    }
}
