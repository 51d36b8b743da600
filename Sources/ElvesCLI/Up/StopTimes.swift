internal import Agent

/// How the 10 s within which `elves up` stops everything are shared out.
package enum StopTimes {
    /// From TERM to KILL of a process. An agent takes longest: its tasks may end by themselves, a worker that ignores
    /// TERM has its grace, then their ends are noted and the runner stops.
    package static let process = AgentProcess.taskPatience + OrderHook.Settings().grace + .milliseconds(1500)
    /// From the last end of ours to the KILL of whatever they left behind.
    package static let leftovers = Duration.seconds(1)
    /// From the wish to stop to the KILL of everything.
    package static let all = Duration.seconds(9)
}
