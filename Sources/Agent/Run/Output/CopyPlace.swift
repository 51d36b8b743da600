internal import ElvesContracts

/// Bytes of a worker's two outputs.
package struct OutputCounts: Sendable, Hashable {
    package var stdout: Int64
    package var stderr: Int64

    package init(stdout: Int64 = 0, stderr: Int64 = 0) {
        self.stdout = stdout
        self.stderr = stderr
    }

    /// Of both.
    package var total: Int64 { stdout + stderr }

    subscript(stream: OutputStream) -> Int64 {
        get { stream == .stderr ? stderr : stdout }
        set {
            if stream == .stderr { stderr = newValue } else { stdout = newValue }
        }
    }
}

/// A place in a copy of a worker's output: how far its file was read, and which output lies before.
struct CopyPlace: Sendable, Hashable {
    /// Bytes of the file before it.
    var fileOffset: Int64 = 0
    /// The stream of the frame that it lies in, and that frame's bytes after it; 0: between frames.
    var stream = OutputStream.stdout
    var frameLeft = 0
    /// Bytes of each output that were given out before it.
    var before = OutputCounts()
    /// Bytes before it that were not given out: beginnings of UTF-8 sequences that the next frames go on with.
    var held: [OutputStream: [UInt8]] = [:]

    /// Its number in the sequence of both outputs.
    var offset: Int64 { before.total }
}
