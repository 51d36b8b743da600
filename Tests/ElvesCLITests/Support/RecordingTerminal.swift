import ElvesCLI
import Synchronization

/// Keeps what a command says, and types prepared answers.
final class RecordingTerminal: Terminal {
    private struct Content {
        var output: [String] = []
        var notes: [String] = []
        var written: [UInt8] = []
        var writtenErrors: [UInt8] = []
        var questions: [String] = []
        var answers: [String] = []
    }

    private let content: Mutex<Content>
    private let input: [UInt8]
    let errorIsTerminal = false
    let inputIsTerminal: Bool

    init(input: String = "", answers: [String]? = nil) {
        self.input = Array(input.utf8)
        inputIsTerminal = answers != nil
        content = Mutex(Content(answers: answers ?? []))
    }

    var output: [String] { content.withLock { $0.output } }
    var notes: [String] { content.withLock { $0.notes } }
    /// Bytes that went to standard output other than as lines.
    var written: String { content.withLock { String(decoding: $0.written, as: UTF8.self) } }
    /// The same of standard error.
    var writtenErrors: String { content.withLock { String(decoding: $0.writtenErrors, as: UTF8.self) } }
    var questions: [String] { content.withLock { $0.questions } }

    func print(_ line: String) { content.withLock { $0.output.append(line) } }
    func note(_ line: String) { content.withLock { $0.notes.append(line) } }
    func write(_ bytes: [UInt8]) { content.withLock { $0.written += bytes } }
    func writeError(_ bytes: [UInt8]) { content.withLock { $0.writtenErrors += bytes } }
    func progress(_ line: String) {}

    func ask(_ question: String) -> String? {
        content.withLock { content in
            content.questions.append(question)
            return content.answers.isEmpty ? nil : content.answers.removeFirst()
        }
    }

    func readAll() -> [UInt8] { input }
}
