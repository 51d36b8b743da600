import ElvesContracts
import ElvesCore

// Between the words of the IDL and the scheduler's own, for output and files.

extension OutputPiece {
    init(_ chunk: OutputChunk) throws(ElvesError) {
        guard let stream = WorkerStream(chunk.part.stream) else {
            throw ElvesError(
                .schedulerRequestInvalid, "output stream \(chunk.part.stream.rawValue); there are 1 and 2")
        }
        self.init(
            offset: chunk.offset, stream: stream, bytes: chunk.part.bytes, dropped: chunk.part.dropped,
            isLast: chunk.last)
    }
}

extension WorkerStream {
    init?(_ stream: OutputStream) {
        switch stream {
        case .stdout: self = .stdout
        case .stderr: self = .stderr
        default: return nil
        }
    }
}

extension OutputPart {
    init(_ run: OutputRun) {
        self.init(stream: run.stream == .stdout ? .stdout : .stderr, bytes: run.bytes, dropped: run.dropped)
    }
}

extension OutputPage {
    init(_ page: TaskOutputPage) {
        self.init(
            parts: page.runs.map(OutputPart.init), nextAfter: page.nextAfter, done: page.done,
            state: ElvesContracts.TaskState(rawValue: page.state.rawValue), attempt: page.attempt)
    }
}

extension BlobInfo {
    init(_ blob: StoredBlob) { self.init(digest: blob.digest.bytes, size: blob.size) }
}
