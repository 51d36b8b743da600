internal import ElvesContracts
package import ElvesCore
internal import Runner

/// Tells the feeder of workers that start and end. Right around the worker, but for the files that it returns.
///
/// Runs once for an attempt; its `settle` also for one whose `prepare` ran in an earlier life of this process.
package struct OutputHook: TaskHook {
    package var settlesAdopted: Bool { true }
    private let feeder: OutputFeeder

    package init(_ feeder: OutputFeeder) { self.feeder = feeder }

    package func prepare(_ run: inout TaskRun) async throws(ElvesError) { feeder.began(run.key) }

    package func settle(_ run: inout TaskRun) async {
        // The runner is gone without a word: what it has copied is still there.
        if run.result.copiedBytes == nil, run.result.state == .unknown {
            run.result.copiedBytes = feeder.copied(run.key)
        }
        guard run.result.copiedBytes != nil else { return feeder.ended(run.key, wrote: nil) }
        let wrote = OutputCounts(stdout: run.result.stdoutBytes ?? -1, stderr: run.result.stderrBytes ?? -1)
        feeder.close(run.key, wrote: wrote)
        feeder.ended(run.key, wrote: wrote)
    }
}
