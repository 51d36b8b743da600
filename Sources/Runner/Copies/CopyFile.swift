internal import Glibc
internal import Synchronization

/// The file of one worker's copy: frames of a stream's number (1 byte), a length (4 bytes, big endian), and bytes.
///
/// Made with its first frame. What cannot be written ends it after its last whole frame.
final class CopyFile: Sendable {
    private struct State {
        var descriptor: Int32 = -1
        /// Bytes of whole frames, and of output in them.
        var size = 0
        var output: Int64 = 0
        var isBroken = false
    }

    static let frameHead = 5
    private let path: String
    private let state = Mutex(State())

    init(path: String) { self.path = path }

    deinit {
        let descriptor = state.withLock { $0.descriptor }
        if descriptor >= 0 { close(descriptor) }
    }

    /// Whether nothing more can be written.
    var isBroken: Bool { state.withLock { $0.isBroken } }

    /// Bytes of output that it holds; nothing more is written afterwards. `nil`: there is no copy.
    func end() -> Int64? {
        state.withLock { state in
            state.isBroken = true
            return state.output > 0 ? state.output : nil
        }
    }

    /// A frame's bytes.
    static func frame(_ stream: CopyPlan.Stream, _ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: frameHead + bytes.count) { buffer, count in
            buffer[0] = stream.rawValue
            let length = UInt32(truncatingIfNeeded: bytes.count)
            for place in 0..<4 { buffer[1 + place] = UInt8(truncatingIfNeeded: length >> (24 - 8 * UInt32(place))) }
            UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[frameHead...])
                .copyMemory(from: bytes)
            count = frameHead + bytes.count
        }
    }

    /// Writes whole frames, one after another in `frames`. Blocks.
    func write(_ frames: [UInt8]) {
        guard let descriptor = opened() else { return }
        var done = 0
        while done < frames.count {
            let count = frames.withUnsafeBytes { bytes in
                Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            done += count
        }
        let (size, output) = Self.whole(frames, upTo: done)
        let total = state.withLock { state -> Int in
            // It was ended while this was written: its reader knows of no more.
            guard !state.isBroken else { return -1 }
            state.size += size
            state.output += output
            state.isBroken = done < frames.count
            return state.isBroken ? state.size : -1
        }
        if total >= 0 { _ = ftruncate(descriptor, off_t(total)) }
    }

    private func opened() -> Int32? {
        let (descriptor, isBroken) = state.withLock { ($0.descriptor, $0.isBroken) }
        if isBroken { return nil }
        if descriptor >= 0 { return descriptor }
        // A link that lies there is not followed.
        let fresh = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        state.withLock { state in
            state.descriptor = fresh
            if fresh < 0 { state.isBroken = true }
        }
        return fresh >= 0 ? fresh : nil
    }

    /// Bytes of the whole frames in the first `count` bytes, and of output in them.
    private static func whole(_ frames: [UInt8], upTo count: Int) -> (size: Int, output: Int64) {
        var size = 0
        var output: Int64 = 0
        while size + frameHead <= count {
            let length = frames[(size + 1)..<(size + frameHead)].reduce(0) { $0 << 8 | Int($1) }
            guard size + frameHead + length <= count else { break }
            size += frameHead + length
            output += Int64(length)
        }
        return (size, output)
    }
}
