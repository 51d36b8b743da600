import ElvesCore
import Logging
import Synchronization
import Testing

@testable import ServiceCore

@Suite struct ElvesLogHandlerTests {
    private let written = Written()

    private final class Written: Sendable {
        let lines = Mutex<[String]>([])
    }

    private func logger(_ format: ElvesLogHandler.Format, level: Logger.Level = .info) -> Logger {
        Logger(label: "scheduler") { [written] label in
            ElvesLogHandler(label: label, level: level, format: format) { line in
                written.lines.withLock { $0.append(line) }
            }
        }
    }

    private var lines: [String] { written.lines.withLock { $0 } }

    @Test func textOnATerminalAndJSONElsewhere() {
        #expect(ElvesLogHandler.Format(isTerminal: true) == .text)
        #expect(ElvesLogHandler.Format(isTerminal: false) == .json)
    }

    /// The message is constant; what differs is in members of its own.
    @Test func eachLineIsOneJSONObject() throws {
        let odd = "a \"quoted\" \\ line\r\nwith\ttabs, \u{1} and 🐟"
        var logger = logger(.json)
        logger[metadataKey: "instance"] = "scheduler-1"
        logger.warning("call failed", metadata: ["thrift.method": "A:b", "error": "\(odd)"])
        logger.info("second", metadata: ["instance": "other"])
        #expect(lines.count == 2)
        for line in lines { #expect(line.hasSuffix("}\n") && line.count { $0 == "\n" } == 1) }
        let first = try JSONValue(parsing: Array(lines[0].dropLast().utf8))
        #expect(first["message"]?.string == "call failed")
        #expect(first["level"]?.string == "warning" && first["logger"]?.string == "scheduler")
        #expect(first["thrift.method"]?.string == "A:b" && first["error"]?.string == odd)
        #expect(first["instance"]?.string == "scheduler-1")
        #expect(first["time"]?.string?.contains(#/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/#) == true)
        let second = try JSONValue(parsing: Array(lines[1].dropLast().utf8))
        #expect(second["instance"]?.string == "other", "a line's own metadata wins")
    }

    @Test func textQuotesWhatWouldBeMisread() throws {
        logger(.text).error("it failed", metadata: ["b": "two words", "a": "plain", "c": "x=\"1\"\n", "d": ""])
        let line = try #require(lines.first)
        #expect(line.hasSuffix(#" error scheduler: it failed a=plain b="two words" c="x=\"1\"\n" d="""# + "\n"))
    }

    @Test func whatIsBelowTheLevelIsNotWritten() {
        logger(.json, level: .warning).info("quiet")
        logger(.json, level: .warning).debug("quiet")
        #expect(lines.isEmpty)
        logger(.json, level: .debug).debug("loud")
        #expect(lines.count == 1)
    }
}
