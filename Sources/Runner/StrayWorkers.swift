internal import Glibc

/// What a runner that died left running.
package enum StrayWorkers {
    /// Kills every process that carries an attempt's mark or marker, and their descendants.
    ///
    /// Returns how many outlived it: 0 is what is promised.
    package static func end(_ key: AttemptKey, within patience: Duration = .seconds(2)) async -> Int {
        // A look at every process takes a while: neither a caller's event loop nor its actor waits for it.
        await Task.detached { await endHere(key, within: patience) }.value
    }

    private static func endHere(_ key: AttemptKey, within patience: Duration) async -> Int {
        let clock = ContinuousClock()
        let end = clock.now + patience
        while true {
            var table = ProcessTable()
            let left = table.family(leader: 0, key: key)
            for pid in left { kill(pid, SIGKILL) }
            guard !left.isEmpty else { return 0 }
            guard clock.now < end else { return left.count }
            try? await clock.sleep(for: .milliseconds(5))
        }
    }
}
