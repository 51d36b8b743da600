internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Ctrl-C as a stream, instead of the end of the program.
enum InterruptSignal {
    /// An element for each INT signal, until the stream is dropped: then the signal ends the program again.
    static func stream() -> AsyncStream<Void> {
        AsyncStream { continuation in
            signal(SIGINT, SIG_IGN)
            let source = Source { continuation.yield() }
            continuation.onTermination = { _ in
                source.cancel()
                signal(SIGINT, SIG_DFL)
            }
        }
    }

    private final class Source: Sendable {
        private let source: Mutex<any DispatchSourceSignal>

        init(_ raised: @escaping @Sendable () -> Void) {
            source = Mutex(
                DispatchSource.makeSignalSource(signal: SIGINT, queue: DispatchQueue(label: "elves.interrupts")))
            source.withLock { source in
                source.setEventHandler(handler: raised)
                source.resume()
            }
        }

        func cancel() { source.withLock { $0.cancel() } }
    }
}
