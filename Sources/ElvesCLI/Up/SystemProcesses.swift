internal import CElvesProcess
internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The machine's own processes. Each one started leads a session of its own, so that a Ctrl-C at the
/// terminal reaches `elves up` alone.
package struct SystemProcesses: ProcessLauncher {
    /// The machine's own processes.
    package init() {}

    /// Makes this process the parent of its descendants' orphans, so that none gets out of sight.
    package func adoptOrphans() { _ = elves_become_subreaper() }

    package func launch(_ spec: ProcessSpec, streams: ProcessStreams) throws(LaunchProblem) -> Int32 {
        var pidDescriptor: Int32 = -1
        var step: Int32 = 0
        let environment = spec.environment.map { "\($0.key)=\($0.value)" }
        let pid = withCStrings([spec.program] + spec.arguments) { arguments in
            withCStrings(environment) { environment in
                spec.program.withCString { program in
                    spec.folder.withCString { folder in
                        var order = elves_spawn_order()
                        order.path = program
                        order.arguments = arguments
                        order.environment = environment
                        order.folder = folder
                        order.fds = (streams.input, streams.output, streams.error, -1)
                        order.cgroup = -1
                        return elves_spawn(&order, &pidDescriptor, &step)
                    }
                }
            }
        }
        if pidDescriptor >= 0 { close(pidDescriptor) }
        guard pid > 0 else {
            throw LaunchProblem(reason: "\(spec.program) cannot be started: \(String(cString: strerror(-pid)))")
        }
        return pid
    }

    package func signal(_ pid: Int32, _ number: Int32) { _ = kill(pid, number) }

    package func reap() -> [(pid: Int32, end: ProcessEnd)] {
        var ends: [(pid: Int32, end: ProcessEnd)] = []
        var status: Int32 = 0
        while true {
            let pid = waitpid(-1, &status, WNOHANG)
            guard pid > 0 else { return ends }
            let signal = status & 0x7f
            ends.append((pid, signal == 0 ? .exit((status >> 8) & 0xff) : .signal(signal)))
        }
    }

    package func descendants() -> [Int32] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        var children: [Int32: [Int32]] = [:]
        for pid in entries.compactMap(Int32.init) {
            guard let parent = Self.livingParent(of: pid) else { continue }
            children[parent, default: []].append(pid)
        }
        var found: [Int32] = []
        var next = children[getpid()] ?? []
        while let pid = next.popLast() {
            found.append(pid)
            next += children[pid] ?? []
        }
        return found
    }

    /// The parent's pid; nil for a process that is gone or a zombie.
    private static func livingParent(of pid: Int32) -> Int32? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return nil }
        // The name in parentheses may hold anything, also spaces and parentheses.
        let text = String(decoding: data, as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 1, fields[0] != "Z", fields[0] != "X" else { return nil }
        return Int32(fields[1])
    }
}

/// Calls `body` with the texts as a null-ended array of C strings.
private func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeBufferPointer { buffer in
        // A buffer of at least one element has an address.
        withExtendedLifetime(buffer) { body(buffer.baseAddress ?? UnsafePointer(bitPattern: 8).unsafelyUnwrapped) }
    }
}
