/// The copy of one worker's outputs, on the host's side. Belongs to its host's thread.
final class OutputCopy {
    /// When it begins by itself, in monotonic nanoseconds; nil once it has, or when it need not.
    private(set) var beginsAt: Int64?
    private var plan: CopyPlan
    private let file: CopyFile
    private let writer: DiskWriter
    private var isCut = false

    init(_ order: OutputCopyOrder, kept: Int, startedAt: Int64, writer: DiskWriter) {
        plan = CopyPlan(limit: order.limit, kept: kept)
        beginsAt = order.after.map { startedAt + max(0, $0.inNanoseconds) }
        file = CopyFile(path: order.path)
        self.writer = writer
    }

    /// Takes bytes that are about to be kept; `output` and `errors` hold all that came before.
    func take(
        _ bytes: UnsafeRawBufferPointer, of stream: CopyPlan.Stream, output: KeptOutput, errors: KeptOutput
    ) {
        if plan.mustBegin(before: bytes.count, of: stream) { begin(output: output, errors: errors) }
        plan.took(bytes.count, of: stream)
        if plan.isCopying { send(bytes, of: stream) }
    }

    /// Copies from now on, and what came before.
    func begin(output: KeptOutput, errors: KeptOutput) {
        beginsAt = nil
        let runs = plan.begin()
        guard !runs.isEmpty else { return }
        let whole = [output.captured.head, errors.captured.head]
        var places = [0, 0]
        for run in runs {
            let index = Int(run.stream.rawValue) - 1
            let range = places[index]..<(places[index] + run.count)
            places[index] = range.upperBound
            whole[index][range].withUnsafeBytes { send($0, of: run.stream) }
        }
    }

    /// Whether there is a file to be ended.
    var hasFile: Bool { plan.given > 0 }

    /// Ends the copy once everything is written; answers with the bytes of output in it.
    func end(_ done: @escaping @Sendable (Int64?) -> Void) { writer.end(file, done) }

    /// Ends the copy with what is written by now.
    func endNow() -> Int64? { file.end() }

    private func send(_ bytes: UnsafeRawBufferPointer, of stream: CopyPlan.Stream) {
        guard !isCut else { return }
        let count = plan.give(bytes.count)
        guard count > 0 else { return }
        // A file that broke, and a queue that is full, end the copy: it has no holes.
        isCut =
            file.isBroken
            || !writer.append(CopyFile.frame(stream, UnsafeRawBufferPointer(rebasing: bytes[..<count])), to: file)
    }
}
