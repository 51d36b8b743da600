internal import ArgumentParser

struct AsyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "async", abstract: "Durable tasks through the scheduler with records, beside its store alone.")

    @Option(help: "Emulated agents.")
    var agents = 200

    @Option(help: "Tasks under way at once.")
    var callers = 256

    @Option(help: "Seconds of each measurement.")
    var seconds = 10

    @Option(help: "Folder of the apps that the center gets.")
    var apps = "apps"

    func run() async throws {
        let bench = AsyncBench(agents: agents, callers: callers, duration: .seconds(seconds), apps: apps)
        for figure in try await bench.run() { print(figure.text) }
    }
}

struct AsyncAgentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "async-agents", abstract: "Agents of `async` that answer at once.", shouldDisplay: false)

    @Option var data: String
    @Option var folder: String
    @Option var count: Int

    func run() async throws {
        try await AsyncAgents(count: count, folder: folder, center: CenterFolder(data)).run()
    }
}
