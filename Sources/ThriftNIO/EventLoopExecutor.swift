package import NIOCore
internal import Synchronization

/// Runs the jobs of a task on an event loop, so that it stays on its connection's thread. Jobs that come
/// while others wait share one turn of the loop.
package final class EventLoopExecutor: TaskExecutor, Sendable {
    let loop: any EventLoop
    private let queue = Mutex(Queue())

    private struct Queue {
        var jobs: [UnownedJob] = []
        /// Memory of the jobs that ran last, for those to come.
        var spare: [UnownedJob] = []
    }

    init(_ loop: any EventLoop) { self.loop = loop }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isFirst = queue.withLock { queue in
            queue.jobs.append(job)
            return queue.jobs.count == 1
        }
        if isFirst { loop.execute { self.runAll() } }
    }

    private func runAll() {
        var jobs = queue.withLock { queue in
            swap(&queue.jobs, &queue.spare)
            let jobs = queue.spare
            queue.spare = []
            return jobs
        }
        for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
        jobs.removeAll(keepingCapacity: jobs.count <= 256)
        queue.withLock { $0.spare = jobs }
    }
}

/// An executor for each loop of a group.
package struct LoopExecutors: Sendable {
    private let all: [ObjectIdentifier: EventLoopExecutor]

    /// Makes them for the loops that the group has now.
    package init(_ group: any EventLoopGroup) {
        var all: [ObjectIdentifier: EventLoopExecutor] = [:]
        for loop in group.makeIterator() { all[ObjectIdentifier(loop)] = EventLoopExecutor(loop) }
        self.all = all
    }

    /// The loop's executor; one of its own for a loop of another group.
    package func executor(of loop: any EventLoop) -> EventLoopExecutor {
        all[ObjectIdentifier(loop)] ?? EventLoopExecutor(loop)
    }
}
