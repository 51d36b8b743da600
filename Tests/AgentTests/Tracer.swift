import Dispatch
import ElvesCore
import Foundation
import Synchronization

/// Holds a process of this machine so that not even KILL ends it: it stops on its way out, until this value lets go.
///
/// By ptrace(2) with PTRACE_O_TRACEEXIT, from a thread of its own; the kernel lets go when the thread ends.
final class Tracer: Sendable {
    private let release = DispatchSemaphore(value: 0)

    /// Whether this process may trace others.
    static let isPermitted: Bool = {
        let child = Process()
        child.executableURL = URL(filePath: "/bin/sleep")
        child.arguments = ["60"]
        guard (try? child.run()) != nil else { return false }
        defer { child.terminate() }
        return (try? Tracer(child.processIdentifier)) != nil
    }()

    init(_ pid: Int32) throws {
        let seized = Seized()
        let release = release
        Thread {
            seized.answer.withLock { $0 = Self.seize(pid) }
            seized.isKnown.signal()
            release.wait()
        }.start()
        seized.isKnown.wait()
        guard seized.answer.withLock({ $0 }) == 0 else {
            release.signal()
            throw ElvesError(.elvesInternal, "process \(pid) may not be traced")
        }
    }

    deinit { release.signal() }

    /// Lets the process go on.
    func letGo() { release.signal() }

    private final class Seized: Sendable {
        let answer = Mutex(-1)
        let isKnown = DispatchSemaphore(value: 0)
    }

    /// `ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACEEXIT)`: variadic in C, so not there in Swift.
    private static func seize(_ pid: Int32) -> Int {
        typealias Call = @convention(c) (Int, Int, UInt, UInt) -> Int
        guard let symbol = dlsym(nil, "ptrace") else { return -1 }
        return unsafeBitCast(symbol, to: Call.self)(0x4206, Int(pid), 0, 0x40)
    }
}
