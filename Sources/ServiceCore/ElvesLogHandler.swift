package import Logging

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The C library's `write`, where a method of that name hides it.
private func writeBytes(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(file, bytes, count) }

/// Writes log lines to standard error: text on a terminal, one JSON object a line elsewhere.
package struct ElvesLogHandler: LogHandler {
    /// How lines look.
    package enum Format: String, Sendable {
        case text
        case json

        /// Text for people on a terminal, JSON for whatever else reads it.
        init(isTerminal: Bool) { self = isTerminal ? .text : .json }
    }

    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    private let label: String
    private let format: Format
    private let write: @Sendable (String) -> Void

    /// Creates a handler; `write` gets each line with its line break.
    package init(
        label: String, level: Logger.Level, format: Format,
        write: @escaping @Sendable (String) -> Void = ElvesLogHandler.writeToStandardError
    ) {
        self.label = label
        logLevel = level
        self.format = format
        self.write = write
    }

    /// Makes this handler the process's own. Once a process, before the first logger.
    package static func bootstrap(level: Logger.Level, format: Format?) {
        let format = format ?? Format(isTerminal: isatty(STDERR_FILENO) == 1)
        LoggingSystem.bootstrap { label in ElvesLogHandler(label: label, level: level, format: format) }
    }

    /// Writes a line to standard error in one call, so that lines of several threads do not mix.
    @Sendable package static func writeToStandardError(_ line: String) {
        var line = line
        line.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let written = writeBytes(STDERR_FILENO, rest.baseAddress, rest.count)
                if written < 0 && errno == EINTR { continue }
                guard written > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            }
        }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let all = event.metadata.map { metadata.merging($0) { _, new in new } } ?? metadata
        let pairs = all.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        let time = SystemClock.text(SystemClock.now())
        switch format {
        case .text:
            let tail = pairs.map { " \($0)=\(Self.quoted($1))" }.joined()
            write("\(time) \(event.level.rawValue) \(label): \(event.message)\(tail)\n")
        case .json:
            var line = "{\"time\":\"\(time)\",\"level\":\"\(event.level.rawValue)\",\"logger\":\(Self.json(label))"
            line += ",\"message\":\(Self.json("\(event.message)"))"
            for (key, value) in pairs { line += ",\(Self.json(key)):\(Self.json(value))" }
            write(line + "}\n")
        }
    }

    private static func quoted(_ text: String) -> String {
        let plain = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x3D && $0 < 0x7F }
        return plain ? text : json(text)
    }

    private static func json(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
