internal import ArgumentParser

struct BatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch", abstract: "Large batches in the scheduler, and the calls of another key beside them.")

    @Option(help: "Connected agents; a batch has as many targets.")
    var agents = 10_000

    @Option(help: "Seconds of each measurement of calls.")
    var seconds = 5

    func run() async throws {
        for figure in try await BatchBench(agents: agents, duration: .seconds(seconds)).run() { print(figure.text) }
    }
}
