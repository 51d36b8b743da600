/// A process to start.
package struct ProcessSpec: Sendable, Hashable {
    /// What people and logs call it, such as `elves-scheduler`.
    package var name: String
    /// Absolute path of the program.
    package var program: String
    /// Arguments after the program's name.
    package var arguments: [String]
    /// The whole environment.
    package var environment: [String: String]
    /// Absolute working folder.
    package var folder: String
    /// The signal that asks it to end, with all that it started.
    package var stopSignal: Int32

    /// A process.
    package init(
        name: String, program: String, arguments: [String], environment: [String: String] = [:], folder: String = "/",
        stopSignal: Int32 = 15
    ) {
        self.name = name
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
        self.stopSignal = stopSignal
    }
}

/// Where a process reads and writes: descriptors of this process.
package struct ProcessStreams: Sendable, Hashable {
    /// Standard input; -1 is closed.
    package var input: Int32
    /// Standard output.
    package var output: Int32
    /// Standard error.
    package var error: Int32

    /// Streams.
    package init(input: Int32, output: Int32, error: Int32) {
        self.input = input
        self.output = output
        self.error = error
    }
}

/// Starts and signals processes; the real one is ``SystemProcesses``.
package protocol ProcessLauncher: Sendable {
    /// Starts a process and gives its pid.
    func launch(_ spec: ProcessSpec, streams: ProcessStreams) throws(LaunchProblem) -> Int32
    /// Sends a signal; a process that is gone is no error.
    func signal(_ pid: Int32, _ number: Int32)
    /// Takes away every child that ended, adopted ones too.
    func reap() -> [(pid: Int32, end: ProcessEnd)]
    /// Every living descendant of this process.
    func descendants() -> [Int32]
}

/// Why a process was not started.
package struct LaunchProblem: Error, Sendable, Hashable {
    /// What went wrong.
    package var reason: String

    /// A problem.
    package init(reason: String) { self.reason = reason }
}
