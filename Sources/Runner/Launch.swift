internal import CElvesProcess
internal import Glibc

/// A worker's first process and this side's ends of its pipes; -1 where there is none.
struct Launched {
    var pid: Int32 = -1
    var pidfd: Int32 = -1
    var input: Int32 = -1
    var output: Int32 = -1
    var errors: Int32 = -1
    var result: Int32 = -1
    /// The cgroup that it was born in.
    var group: WorkerGroup?
}

/// Why a worker did not start, in words for its caller.
struct LaunchFailure: Error {
    var text: String
}

extension WorkerOrder {
    /// Starts the worker.
    ///
    /// Input that a pipe takes at once is written and the pipe closed before the start. In `group` it is born if
    /// the kernel lets it, else in the runner's own. `unprivileged`: it gives up what only the runner was given.
    func launch(
        null: Int32, group: WorkerGroup? = nil, unprivileged: Bool = false
    ) throws(LaunchFailure) -> (Launched, inputSent: Int) {
        guard let program = command.first else { throw LaunchFailure(text: "the command is empty") }
        var ours = Launched()
        var theirs: [Int32] = [null, -1, -1, -1]
        defer { for descriptor in theirs where descriptor >= 0 && descriptor != null { close(descriptor) } }
        do throws(LaunchFailure) {
            (ours.output, theirs[1]) = try Self.pipe(ourEnd: 0)
            (ours.errors, theirs[2]) = try Self.pipe(ourEnd: 0)
            if resultLimit != nil { (ours.result, theirs[3]) = try Self.pipe(ourEnd: 0) }
            var sent = 0
            if !input.isEmpty {
                (ours.input, theirs[0]) = try Self.pipe(ourEnd: 1)
                sent = max(0, input.withUnsafeBytes { write(ours.input, $0.baseAddress, $0.count) })
                if sent == input.count { Self.closeOnce(&ours.input) }
            }
            try start(program, theirs: theirs, group: group, unprivileged: unprivileged, into: &ours)
            return (ours, sent)
        } catch {
            for descriptor in [ours.input, ours.output, ours.errors, ours.result] where descriptor >= 0 {
                close(descriptor)
            }
            throw error
        }
    }

    static func closeOnce(_ descriptor: inout Int32) {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    private func start(
        _ program: String, theirs: [Int32], group: WorkerGroup?, unprivileged: Bool, into ours: inout Launched
    ) throws(LaunchFailure) {
        var variables = environment.map { "\($0.key)=\($0.value)" }
        variables.append("ELVES_TASK=\(key.marker)")
        var step: Int32 = 0
        var pidfd: Int32 = -1
        var isInGroup = false
        let pid = CStrings.with(command) { arguments in
            CStrings.with(variables) { environment in
                program.withCString { path in
                    workingFolder.withCString { folder in
                        var order = elves_spawn_order()
                        order.path = path
                        order.arguments = arguments
                        order.environment = environment
                        order.folder = folder
                        order.fds = (theirs[0], theirs[1], theirs[2], theirs[3])
                        order.umask = umask & 0o777
                        order.unprivileged = unprivileged ? 1 : 0
                        order.mark = key.mark
                        order.cgroup = group?.folder ?? -1
                        let pid = elves_spawn(&order, &pidfd, &step)
                        guard step == Int32(ELVES_SPAWN_CGROUP.rawValue) else {
                            isInGroup = group != nil
                            return pid
                        }
                        order.cgroup = -1
                        return elves_spawn(&order, &pidfd, &step)
                    }
                }
            }
        }
        guard pid > 0 else { throw failure(program, error: -pid, step: UInt32(step)) }
        ours.pid = pid
        ours.pidfd = pidfd
        if isInGroup { ours.group = group }
    }

    private func failure(_ program: String, error: Int32, step: UInt32) -> LaunchFailure {
        let cause = Self.text(of: error)
        if step == ELVES_SPAWN_FOLDER.rawValue {
            return LaunchFailure(text: "cannot enter the working folder \(workingFolder): \(cause)")
        }
        guard step == ELVES_SPAWN_EXEC.rawValue else { return LaunchFailure(text: "cannot start a process: \(cause)") }
        switch error {
        case ENOENT where access(program, F_OK) == 0:
            return LaunchFailure(text: "cannot run \(program): the interpreter in its first line does not exist")
        case ENOEXEC:
            return LaunchFailure(
                text: "cannot run \(program): not a program; a script begins with a line like #!/bin/sh")
        case EACCES:
            return LaunchFailure(text: "cannot run \(program): \(cause); a program needs its executable bit")
        default:
            return LaunchFailure(text: "cannot run \(program): \(cause)")
        }
    }

    private static func pipe(ourEnd: Int32) throws(LaunchFailure) -> (ours: Int32, theirs: Int32) {
        var ends: [Int32] = [-1, -1]
        let failure = elves_pipe(&ends, ourEnd)
        guard failure == 0 else { throw LaunchFailure(text: "cannot make a pipe: \(text(of: -failure))") }
        return (ends[Int(ourEnd)], ends[1 - Int(ourEnd)])
    }

    private static func text(of error: Int32) -> String {
        var text = [CChar](repeating: 0, count: 128)
        elves_error_text(error, &text, text.count)
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// A NULL-terminated array of C strings for the time of a call.
enum CStrings {
    static func with<Result>(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var bytes: [CChar] = []
        var starts: [Int] = []
        for string in strings {
            starts.append(bytes.count)
            // A zero byte would end the string early and hide the rest.
            bytes.append(contentsOf: string.utf8.lazy.filter { $0 != 0 }.map { CChar(bitPattern: $0) })
            bytes.append(0)
        }
        // Never empty, so that there is an address.
        bytes.append(0)
        return bytes.withUnsafeMutableBufferPointer { buffer in
            withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<CChar>?.self, capacity: starts.count + 1) { list in
                for (index, start) in starts.enumerated() {
                    list.initializeElement(at: index, to: buffer.baseAddress.map { $0 + start })
                }
                list.initializeElement(at: starts.count, to: nil)
                guard let first = list.baseAddress else { preconditionFailure("a list of one has an address") }
                return body(UnsafePointer(first))
            }
        }
    }
}
