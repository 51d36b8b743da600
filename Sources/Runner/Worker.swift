internal import CElvesProcess
internal import Glibc

/// A worker between its start and its end.
///
/// Belongs to its host's thread.
final class Worker {
    /// What of a worker a descriptor is; the low bits of its token.
    enum Part: UInt64 {
        case process, input, output, errors, result
    }

    let order: WorkerOrder
    let slot: UInt64
    let startedAt: Int64
    let spawnCost: Int64
    var life: WorkerLife
    /// When its life is to be looked at again.
    var dueAt: Int64?
    private(set) var status: WorkerStatus?
    private var endedAt: Int64?
    private var parts: Launched
    private var inputSent: Int
    private var output: KeptOutput
    private var errors: KeptOutput
    private var result: KeptResult
    private let copy: OutputCopy?
    var leftovers = 0
    /// Whether something of it had to be killed.
    var wasKilled = false

    var pid: Int32 { parts.pid }
    var hasPidfd: Bool { parts.pidfd >= 0 }
    var group: WorkerGroup? { parts.group }
    /// When its outputs are to be copied, in monotonic nanoseconds; nil when no time says so.
    var copyAt: Int64? { copy?.beginsAt }

    init(
        order: WorkerOrder, slot: UInt64, askedAt: Int64, launched: Launched, inputSent: Int, writer: DiskWriter
    ) {
        self.order = order
        self.slot = slot
        self.parts = launched
        self.inputSent = inputSent
        let startedAt = elves_monotonic_ns()
        self.startedAt = startedAt
        spawnCost = startedAt - askedAt
        life = WorkerLife(
            startedAt: startedAt, timeout: order.timeout.map(\.inNanoseconds), grace: order.grace.inNanoseconds)
        output = KeptOutput(limit: order.outputLimit)
        errors = KeptOutput(limit: order.outputLimit)
        result = KeptResult(limit: order.resultLimit ?? 0)
        copy = order.copy.map {
            OutputCopy($0, kept: max(0, order.outputLimit), startedAt: startedAt, writer: writer)
        }
    }

    /// Registers every descriptor that is open.
    func watch(on loop: DescriptorLoop) {
        let open: [(Int32, Part)] = [
            (parts.pidfd, .process), (parts.output, .output), (parts.errors, .errors), (parts.result, .result),
        ]
        for (descriptor, part) in open where descriptor >= 0 {
            loop.watch(descriptor, token: slot << 3 | part.rawValue)
        }
        if parts.input >= 0 {
            loop.watch(parts.input, forWriting: true, token: slot << 3 | Part.input.rawValue)
        }
    }

    /// A descriptor of this worker is ready.
    func ready(_ part: Part, loop: DescriptorLoop, buffer: ReadBuffer) {
        switch part {
        case .process: checkProcess(loop)
        case .input: feed(loop)
        case .output, .errors, .result: _ = take(part, loop: loop, buffer: buffer)
        }
    }

    /// Learns whether the first process ended; it stays a zombie, so that its number stays its own.
    func checkProcess(_ loop: DescriptorLoop) {
        guard status == nil else { return }
        var code: Int32 = -1
        var signal: Int32 = -1
        guard elves_peek(pid, &code, &signal) != 0 else { return }
        status = signal >= 0 ? .signaled(signal) : .exited(code)
        endedAt = elves_monotonic_ns()
        drop(&parts.pidfd, loop)
        drop(&parts.input, loop)
    }

    /// Reads once; false when nothing more came.
    private func take(_ part: Part, loop: DescriptorLoop, buffer: ReadBuffer) -> Bool {
        let descriptor = part == .output ? parts.output : part == .errors ? parts.errors : parts.result
        guard descriptor >= 0 else { return false }
        let count = read(descriptor, buffer.bytes.baseAddress, buffer.bytes.count)
        guard count > 0 else {
            if count == 0 || (errno != EAGAIN && errno != EINTR) { close(part, loop) }
            return false
        }
        let bytes = UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count])
        switch part {
        case .output:
            copy?.take(bytes, of: .output, output: output, errors: errors)
            output.append(bytes)
        case .errors:
            copy?.take(bytes, of: .errors, output: output, errors: errors)
            errors.append(bytes)
        default: result.append(bytes)
        }
        return true
    }

    /// Copies the outputs from now on, with what came before.
    func beginCopy() { copy?.begin(output: output, errors: errors) }

    private func feed(_ loop: DescriptorLoop) {
        let count = order.input.withUnsafeBytes { bytes in
            let rest = UnsafeRawBufferPointer(rebasing: bytes[inputSent...])
            return write(parts.input, rest.baseAddress, rest.count)
        }
        if count > 0 { inputSent += count }
        let isBroken = count < 0 && errno != EAGAIN && errno != EINTR
        if isBroken || inputSent == order.input.count { drop(&parts.input, loop) }
    }

    private func close(_ part: Part, _ loop: DescriptorLoop) {
        switch part {
        case .output: drop(&parts.output, loop)
        case .errors: drop(&parts.errors, loop)
        default: drop(&parts.result, loop)
        }
    }

    private func drop(_ descriptor: inout Int32, _ loop: DescriptorLoop) {
        if descriptor >= 0 { loop.forget(descriptor) }
        WorkerOrder.closeOnce(&descriptor)
    }

    /// Takes what the pipes still hold, lets go of everything and says how it ended.
    ///
    /// No writer is left, so what is there is all; a stranger that holds a pipe is not waited for. A copy, if there
    /// is one, is not complete yet.
    func finish(loop: DescriptorLoop, buffer: ReadBuffer, survivors: Int) -> (WorkerEnd, OutputCopy?) {
        for part in [Part.output, .errors, .result] {
            for _ in 0..<64 where !take(part, loop: loop, buffer: buffer) { break }
            close(part, loop)
        }
        drop(&parts.input, loop)
        drop(&parts.pidfd, loop)
        if status != nil { _ = elves_reap(pid) }
        var end = WorkerEnd(key: order.key, status: status ?? .stuck)
        end.timedOut = life.timedOut
        end.killed = life.killed
        end.output = output.captured
        end.errors = errors.captured
        end.result = result.bytes
        end.resultTooLong = result.isTooLong
        end.cost = .nanoseconds((endedAt ?? elves_monotonic_ns()) - startedAt)
        end.spawnCost = .nanoseconds(spawnCost)
        end.leftovers = leftovers
        end.survivors = survivors
        end.outputBytes = output.total
        end.errorBytes = errors.total
        return (end, copy.flatMap { $0.hasFile ? $0 : nil })
    }
}

/// Where a host's pipes are read into, one at a time.
final class ReadBuffer {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)

    deinit {
        bytes.deallocate()
    }
}

extension Duration {
    /// Whole nanoseconds, at most what an `Int64` holds.
    var inNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow
            ? (seconds < 0 ? .min : .max)
            : whole.addingReportingOverflow(attoseconds / 1_000_000_000)
                .partialValue
    }
}
