internal import Foundation

/// This process's standard input, which its parent closes to end it.
enum StandardInput {
    /// Returns at the end of the input. It waits on a thread of its own: reading blocks.
    static func ended() async {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                _ = FileHandle.standardInput.readDataToEndOfFile()
                continuation.resume()
            }
        }
    }

    /// Writes a line to standard output at once.
    static func answer(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}
