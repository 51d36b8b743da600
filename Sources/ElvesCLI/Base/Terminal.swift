internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Where words go and come from.
package protocol Terminal: Sendable {
    /// Whether a person reads standard error.
    var errorIsTerminal: Bool { get }
    /// Whether a person types on standard input.
    var inputIsTerminal: Bool { get }
    /// Writes a line on standard output.
    func print(_ line: String)
    /// Writes bytes on standard output, as they are.
    func write(_ bytes: [UInt8])
    /// Writes bytes on standard error, as they are.
    func writeError(_ bytes: [UInt8])
    /// Writes a line on standard error.
    func note(_ line: String)
    /// Shows a line of progress, in place of the one before; empty text wipes it.
    func progress(_ line: String)
    /// Asks on standard error and reads a line from standard input.
    func ask(_ question: String) -> String?
    /// Everything on standard input.
    func readAll() -> [UInt8]
}

/// The process's own standard streams.
package struct ProcessTerminal: Terminal {
    /// The process's own standard streams.
    package init() {}

    package var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }
    package var inputIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    package func write(_ bytes: [UInt8]) { write(bytes, to: .standardOutput) }
    package func writeError(_ bytes: [UInt8]) { write(bytes, to: .standardError) }
    package func print(_ line: String) { write(line + "\n", to: .standardOutput) }
    package func note(_ line: String) { write(line + "\n", to: .standardError) }
    package func progress(_ line: String) { write("\r\u{1B}[K" + line, to: .standardError) }

    package func ask(_ question: String) -> String? {
        write(question + " ", to: .standardError)
        return readLine()
    }

    package func readAll() -> [UInt8] {
        ((try? FileHandle.standardInput.readToEnd()) ?? nil).map(Array.init) ?? []
    }

    /// A closed pipe is no reason to fail: `elves agents | head` ends quietly.
    private func write(_ text: String, to handle: FileHandle) { write(Array(text.utf8), to: handle) }

    private func write(_ bytes: [UInt8], to handle: FileHandle) { try? handle.write(contentsOf: Data(bytes)) }
}
