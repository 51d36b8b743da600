package import ArgumentParser
internal import Foundation
internal import ThriftNIO

/// `elves-bench`: every speed that the project claims, each beside a peer or floor measured in the same run.
package struct BenchCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "elves-bench", abstract: "Measures Elves beside peers and floors.",
        subcommands: [
            ThriftCommand.self, RestCommand.self, FanoutCommand.self, WorkersCommand.self, KillCommand.self,
            JournalCommand.self, AgentCommand.self, HistoryCommand.self, OutputCommand.self, StoreOutputCommand.self,
            BatchCommand.self, FaultsCommand.self, StormCommand.self,
            ThriftServerCommand.self, ThriftLoadCommand.self, ThriftClientCommand.self, FleetCommand.self,
            FloorServerCommand.self, FanPeersCommand.self, AsyncCommand.self, AsyncAgentsCommand.self,
        ])

    package init() {}

    /// Runs the command that the program's arguments name; nothing that it started outlives it.
    package static func runToTheEnd() async {
        let signals = ChildProcess.endWithThisProgram()
        await main()
        for signal in signals { signal.cancel() }
    }
}

struct ThriftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "thrift", abstract: "Our Thrift server and client against libthrift's best server.")

    @Option(help: "Seconds of each measurement.")
    var seconds = 2

    @Option(help: "The project's folder.")
    var root = "."

    func run() async throws {
        for figure in try await ThriftBench(duration: .seconds(seconds), root: root).run() { print(figure.text) }
    }
}

struct ThriftServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "thrift-server", abstract: "The server side of `thrift`.", shouldDisplay: false)

    func run() async throws { try await ThriftBenchServer.run() }
}

struct ThriftLoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "thrift-load", abstract: "The load of `thrift` alone, against a server that runs: to profile it.",
        shouldDisplay: false)

    @Option var port: Int
    @Option var connections = 64
    @Option var depth = 1
    @Option var seconds = 5

    func run() async throws {
        let load = RawLoad(address: .tcp(host: "127.0.0.1", port: port), connections: connections, depth: depth)
        let outcome = try await load.run(try await ThriftBench.preparedCall(), for: .seconds(seconds))
        print("\(Int(outcome.rate)) calls/s, p50 \(outcome.percentile(50)) ms, \(outcome.failures) failures")
    }
}

struct ThriftClientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "thrift-client", abstract: "Our client of `thrift` alone: to profile it.", shouldDisplay: false)

    @Option var seconds = 2

    func run() async throws {
        let rate = try await ThriftBench(duration: .seconds(seconds), root: ".").measureClient()
        print("\(Int(rate)) calls/s")
    }
}

struct RestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rt", abstract: "Signed synchronous calls through REST to agents and back.")

    @Option(help: "Emulated agents.")
    var agents = 1000

    @Option(help: "Callers at once.")
    var callers = 64

    @Option(help: "Seconds of the main measurement.")
    var seconds = 10

    @Option(help: "Folder of the apps that the center gets.")
    var apps = "apps"

    func run() async throws {
        let bench = RestBench(agents: agents, callers: callers, duration: .seconds(seconds), apps: apps)
        for figure in try await bench.run() { print(figure.text) }
    }
}

struct FanoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fanout", abstract: "One command to a whole fleet; the scheduler's memory for each idle agent.")

    @Option(help: "Emulated agents.")
    var agents = 10_000

    @Option(help: "Folder of the apps that the center gets.")
    var apps = "apps"

    func run() async throws {
        for figure in try await FanoutBench(agents: agents, apps: apps).run() { print(figure.text) }
    }
}

struct WorkersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workers", abstract: "Worker processes a second of the runner, beside bare posix_spawn loops.")

    @Option(help: "The agent's program, whose runner is measured; default: elves-agent beside this program.")
    var agent: String?

    @Option(help: "Workers of each measurement.")
    var count = 4000

    @Option(help: "What each worker runs.")
    var program = "/bin/true"

    @Option(help: "The agent's setting of that name, such as off.")
    var cgroup: String?

    func run() async throws {
        let bench = WorkersBench(
            agent: agent ?? ChildProcess.beside("elves-agent"), count: count, program: program, cgroup: cgroup)
        for figure in try await bench.run() { print(figure.text) }
    }
}

struct KillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill",
        abstract: "From the request to end a worker until nothing of it is left, beside a bare kill and wait loop.")

    @Option(help: "The agent's program, whose runner is measured; default: elves-agent beside this program.")
    var agent: String?

    @Option(help: "Workers of each measurement.")
    var rounds = 20

    func run() async throws {
        let bench = KillBench(agent: agent ?? ChildProcess.beside("elves-agent"), rounds: rounds)
        for figure in try await bench.run() { print(figure.text) }
    }
}

struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent", abstract: "Memory of a real agent and its runner, a while after many calls.")

    @Option(help: "The agent's program, such as .build-static/elves-agent; default: elves-agent beside this program.")
    var agent: String?

    @Option(help: "Calls of the app hello before the rest.")
    var calls = 1000

    @Option(help: "Seconds of rest after the calls.")
    var rest = 60

    @Option(help: "Folder of the apps that the center gets.")
    var apps = "apps"

    func run() async throws {
        let bench = AgentBench(
            agent: agent ?? ChildProcess.beside("elves-agent"), calls: calls, rest: .seconds(rest), apps: apps)
        for figure in try await bench.run() { print(figure.text) }
    }
}

struct JournalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal", abstract: "Attempts a second of an agent's journal, beside bare writes and syncs.")

    @Option(help: "Seconds of each measurement.")
    var seconds = 2

    @Option(help: "A folder on the disk that is measured; default: the temporary one.")
    var folder: String?

    func run() async throws {
        let bench = JournalBench(duration: .seconds(seconds), parent: folder ?? NSTemporaryDirectory())
        for figure in try await bench.run() { print(figure.text) }
    }
}

struct StoreOutputCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store-output", abstract: "Output of workers into the scheduler's store, beside plain files.")

    @Option(help: "Mebibytes of each measurement; a multiple of 64.")
    var mebibytes = 512

    @Option(help: "Where the files go while it runs.")
    var folder = NSTemporaryDirectory()

    func run() async throws {
        for figure in try await StoreOutputBench(mebibytes: mebibytes, folder: folder).run() { print(figure.text) }
    }
}

struct OutputCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "output", abstract: "Output of one and of 1,000 tasks on its way to a real scheduler.")

    @Option(help: "Folder of the apps that the center gets.")
    var apps = "apps"

    func run() async throws {
        for figure in try await OutputBench(apps: apps).run() { print(figure.text) }
    }
}

struct FleetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fleet", abstract: "A process full of emulated agents.", shouldDisplay: false)

    @Option var data: String
    @Option var folder: String
    @Option var first: Int
    @Option var count: Int

    func run() async throws {
        try await FleetShard(first: first, count: count, folder: folder, center: CenterFolder(data)).run()
    }
}

struct FloorServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "floor-server", abstract: "The floor of `rt`: a bare route.", shouldDisplay: false)

    func run() async throws { try await FloorServer.run() }
}

struct FanPeersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fan-peers", abstract: "The floor of `fanout`: connections that answer.", shouldDisplay: false)

    @Option var port: Int
    @Option var seat: String
    @Option var count: Int

    func run() async throws { try await FanPeers(port: port, seat: seat, count: count).run() }
}

struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Pages of a long history beside as many records by primary key.")

    @Option(help: "Ended tasks in the history.")
    var rows = 10_000_000

    @Option(help: "Tasks in a page.")
    var page = 100

    @Option(help: "Pages of each kind.")
    var pages = 200

    func validate() throws {
        guard rows >= 1_000, page >= 1, page <= 1_000, pages >= 1 else {
            throw ValidationError("--rows is 1000 or more, --page 1 to 1000, --pages 1 or more")
        }
    }

    func run() async throws {
        for figure in try await HistoryBench(rows: rows, page: page, pages: pages).run() { print(figure.text) }
    }
}
