internal import ElvesContracts
internal import ElvesCore
internal import Glibc
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Runner
internal import ServiceCore
internal import Thrift
internal import ThriftNIO

/// The C library's `write`, where a method of that name hides it.
private func writeBytes(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(file, bytes, count) }

/// The command line of `elves-agent`.
package enum AgentProgram {
    static let usage = """
        elves-agent run [--config FILE] [--root DIR] [--KEY VALUE …]   run the agent; settings also as ELVES_AGENT_KEY
        elves-agent status [--root DIR] [--config FILE]                what it did lately
        elves-agent journal [--json] [--root DIR] [--config FILE]      attempts that it took, and what became of them
        elves-agent stop [--kill] [--root DIR] [--config FILE]         end it; with --kill its runner and workers too
        elves-agent version

        """

    /// Runs a command; answers with the exit code.
    package static func main(_ arguments: [String], environment: [String: String]) async -> Int32 {
        if arguments.contains(where: { ["help", "--help", "-h"].contains($0) }) {
            say(usage)
            return 0
        }
        ResidentMemory.shareHeap()
        do {
            let known = switches[arguments.first ?? ""]
            let words = arguments.dropFirst().filter { $0 != known }
            let isSwitched = words.count + 1 < arguments.count
            var flags = try flags(words[...])
            switch arguments.first {
            case "run": try await run(&flags, environment)
            case "runner":
                ElvesLogHandler.bootstrap(level: .info, format: .json)
                try await RunnerProcess(
                    root: flags["root"] ?? ".", groups: WorkerGroups.Setting(flags["cgroup"]),
                    handsBackMemory: flags["memory_handback"] != "off",
                    endBytes: flags["end_bytes"].flatMap { Int64($0) } ?? 1 << 30,
                    logger: Logger(label: "runner")
                ).run()
            case "status": say(try await status(flags, environment))
            case "journal":
                let journal = try JournalText(folder: try enter(flags, environment) + "/journal")
                say(isSwitched ? journal.json : journal.text)
            case "stop":
                _ = try enter(flags, environment)
                say(try await StopCommand(endsAll: isSwitched).run())
            case "version": say("elves-agent \(ElvesVersion.current)\n")
            default:
                complain(usage)
                return 2
            }
            return 0
        } catch let error as ElvesError {
            complain("elves-agent: \(error.message) [\(error.code)]\n  \(error.hint)\n")
            return [.elvesConfigMissing, .elvesConfigInvalid, .elvesConfigUnknown].contains(error.code) ? 2 : 1
        } catch {
            complain("elves-agent: \(error)\n")
            return 1
        }
    }

    private static func run(_ flags: inout [String: String], _ environment: [String: String]) async throws {
        let configuration = try AgentConfiguration(try settings(&flags, environment))
        ElvesLogHandler.bootstrap(
            level: Logger.Level(rawValue: configuration.logLevel) ?? .info,
            format: configuration.logFormat.flatMap(ElvesLogHandler.Format.init))
        let runner =
            [
                Self.program, "runner", "--root", configuration.root, "--memory_handback",
                configuration.handsBackMemory ? "on" : "off",
            ] + (configuration.cgroup.map { ["--cgroup", $0] } ?? [])
            + (configuration.endBytes.map { ["--end_bytes", String($0)] } ?? [])
        try await AgentProcess(configuration, runner: runner).run()
    }

    /// This program by its path, so that a runner that starts later is of the file that is there then.
    private static var program: String {
        let gone = " (deleted)"
        guard var path = Disk.linkTarget("/proc/self/exe") else { return "/proc/self/exe" }
        // Another file may have taken its place since this process began.
        if !Disk.exists(path), path.hasSuffix(gone) { path.removeLast(gone.count) }
        return Disk.exists(path) ? path : "/proc/self/exe"
    }

    /// The flag without a value that a command knows.
    private static let switches = ["journal": "--json", "stop": "--kill"]

    /// Makes the agent's folder the working folder, so that paths of sockets in it are short enough.
    private static func enter(_ flags: [String: String], _ environment: [String: String]) throws -> String {
        var flags = flags
        let root = try settings(&flags, environment).absolute("root")
        guard chdir(root) == 0 else { throw Disk.error("enter", root) }
        return root
    }

    private static func status(_ flags: [String: String], _ environment: [String: String]) async throws -> String {
        let root = try enter(flags, environment)
        let group = MultiThreadedEventLoopGroup.singleton
        let dialer = ThriftDialer(
            .unix(path: AgentProcess.socket), security: .plaintext(peer: .local), group: group)
        do {
            let connection = try await dialer.dial()
            defer { connection.close() }
            return try await AgentLocalServiceClient(connection).status().text
        } catch {
            throw ElvesError(
                .elvesNotReady, "no agent runs in \(root)", hint: "Start it: elves-agent run --config FILE.",
                cause: error)
        }
    }

    private static func settings(
        _ flags: inout [String: String], _ environment: [String: String]
    ) throws -> Settings {
        let path = flags.removeValue(forKey: "config") ?? environment["ELVES_AGENT_CONFIG"]
        let file = try path.map { path in (String(decoding: try Disk.read(path), as: UTF8.self), path) }
        return try Settings(file: file, environment: environment, flags: flags)
    }

    /// `--key value` and `--key=value`; dashes in names may stand for underscores.
    static func flags(_ arguments: ArraySlice<String>) throws -> [String: String] {
        var flags: [String: String] = [:]
        var rest = arguments
        let known = AgentConfiguration.keys.map(\.name) + ["config"]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--") else {
                throw ElvesError(.elvesConfigUnknown, "unexpected \"\(word)\"", hint: usage)
            }
            let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = String(parts[0].map { $0 == "-" ? "_" : $0 })
            guard known.contains(key) else {
                throw ElvesError(.elvesConfigUnknown, "no flag \"\(word)\"", hint: usage)
            }
            guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
                throw ElvesError(.elvesConfigMissing, "\(word) needs a value")
            }
            flags[key] = value
        }
        return flags
    }

    private static func say(_ text: String) { write(text, to: STDOUT_FILENO) }
    private static func complain(_ text: String) { write(text, to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { writeBytes(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
