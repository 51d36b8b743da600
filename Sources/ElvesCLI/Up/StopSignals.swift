internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Remembers whether INT, TERM or HUP came, instead of ending the process.
package final class StopSignals: Sendable {
    private final class Flag: Sendable { let raised = Atomic(false) }

    private let flag = Flag()
    private let sources: Mutex<[any DispatchSourceSignal]>

    /// Starts to listen.
    package init() {
        sources = Mutex([])
        let flag = flag
        let queue = DispatchQueue(label: "elves.signals")
        sources.withLock { sources in
            sources = [SIGINT, SIGTERM, SIGHUP].map { number in
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
                source.setEventHandler { flag.raised.store(true, ordering: .relaxed) }
                source.resume()
                return source
            }
        }
    }

    /// Whether one of them came.
    package var came: Bool { flag.raised.load(ordering: .relaxed) }
}

/// Watches a pipe whose other end the parent holds: it closes when the parent ends, however it ends.
package struct ParentPipe: Sendable {
    private let descriptor: Int32

    /// Watches the read end.
    package init(descriptor: Int32) { self.descriptor = descriptor }

    /// Whether the parent's end is closed.
    package var isClosed: Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, 0) > 0 else { return false }
        return entry.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0
    }
}
