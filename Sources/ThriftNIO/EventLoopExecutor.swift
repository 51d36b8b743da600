internal import NIOCore
internal import Synchronization

/// Runs the jobs of a task on an event loop, so that a handler stays on its connection's thread. Jobs that
/// come while others wait share one turn of the loop.
final class EventLoopExecutor: TaskExecutor, Sendable {
    private let loop: any EventLoop
    private let queue = Mutex(Queue())

    private struct Queue {
        var jobs: [UnownedJob] = []
        /// Memory of the jobs that ran last, for those to come.
        var spare: [UnownedJob] = []
    }

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isFirst = queue.withLock { queue in
            queue.jobs.append(job)
            return queue.jobs.count == 1
        }
        if isFirst { loop.execute { self.runAll() } }
    }

    private func runAll() {
        var jobs = queue.withLock { queue in
            defer { queue.spare = [] }
            swap(&queue.jobs, &queue.spare)
            return queue.spare
        }
        for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
        jobs.removeAll(keepingCapacity: jobs.count <= 256)
        queue.withLock { $0.spare = jobs }
    }
}
