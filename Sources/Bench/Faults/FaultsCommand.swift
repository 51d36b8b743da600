internal import ArgumentParser
internal import Foundation

struct FaultsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faults",
        abstract: "Runs tasks while everything fails, then compares what agents, workers and center wrote down.",
        discussion:
            "Ends with 1 when a promise was broken, or when too little happened to prove any. The same seed gives the same faults and the same load."
    )

    @Option(help: "What the faults and the load follow from; default: the time.")
    var seed: UInt64?

    @Option(help: "Tasks of each round.")
    var tasks = 10_000

    @Option(help: "Seconds after which a round asks for no more.")
    var seconds = 600

    @Option(help: "Rounds, each with the next seed and a center of its own.")
    var rounds = 1

    @Option(help: "Real agents, each behind a proxy.")
    var agents = 4

    @Option(help: "Callers at once.")
    var callers = 24

    @ArgumentParser.Flag(help: "No full disks: they need root, to mount small file systems.")
    var noDisks = false

    @ArgumentParser.Flag(help: "No clock steps.")
    var noClock = false

    @ArgumentParser.Flag(help: "Keeps the folder of a round that broke a promise, with its processes.")
    var keep = false

    func run() async throws {
        let first = seed ?? UInt64(Date.now.timeIntervalSince1970)
        var broken = 0
        for round in 0..<UInt64(rounds) {
            let bench = FaultsBench(
                seed: first + round, tasks: tasks, agents: agents, callers: callers, limit: .seconds(seconds),
                wishes: FaultPlan.Means(disks: !noDisks, clock: !noClock), keep: keep)
            let report = try await bench.run()
            for line in report.lines { print("  " + line) }
            for violation in report.violations.prefix(40) { print("  BROKEN: \(violation)") }
            for shortfall in report.shortfalls { print("  TOO LITTLE: \(shortfall)") }
            print("  \(report.violations.count) violations")
            broken += report.violations.count + report.shortfalls.count
        }
        if broken > 0 { throw ExitCode.failure }
    }
}
