internal import Glibc

/// The C library's `kill`, where a method of that name hides it.
private func sendSignal(_ signal: Int32, to pid: Int32) { kill(pid, signal) }

/// Which processes belong to which worker.
struct WorkerTrees {
    private var orphans: Orphans
    /// All processes as they were when one was last looked for, this turn of the loop.
    private var table: ProcessTable?
    private var leaders: [Int32: AttemptKey] = [:]

    init(ownsProcess: Bool) { orphans = Orphans(ownsProcess: ownsProcess) }

    /// Whether no process is held whose worker is not known.
    var isSettled: Bool { orphans.isEmpty }

    mutating func add(_ worker: Worker) { leaders[worker.pid] = worker.order.key }

    mutating func remove(_ worker: Worker) {
        leaders[worker.pid] = nil
        orphans.finished(worker.order.key)
        if worker.status == nil { orphans.giveUp(worker.pid, of: worker.order.key) }
    }

    /// Takes ended orphans away.
    mutating func sweep() { orphans.refresh(workers: leaders) }

    /// A turn of the loop ended: what was seen is old.
    mutating func forget() { table = nil }

    /// Whether nothing but the first process is left.
    mutating func isEmpty(_ worker: Worker) -> Bool {
        orphans.refresh(workers: leaders)
        guard orphans.left(by: worker.order.key).isEmpty else { return false }
        return worker.group?.isEmpty ?? true
    }

    /// Sends signals to every process of a worker; answers how many there are.
    @discardableResult mutating func signal(_ worker: Worker, _ signals: Int32...) -> Int {
        // Those of its group first: they go while the others are looked for.
        var all = Set(worker.group?.pids ?? [])
        let send = { (pid: Int32) in for signal in signals { sendSignal(signal, to: pid) } }
        all.forEach(send)
        for pid in family(of: worker) where all.insert(pid).inserted { send(pid) }
        return all.count
    }

    /// Ends every process of a worker, those that were born since it was last tried among them.
    mutating func kill(_ worker: Worker) {
        worker.group?.kill()
        // While something of its group is still dying there is no need to look at every process of the machine.
        if worker.wasKilled, worker.group?.isEmpty == false { return }
        worker.wasKilled = true
        table = nil
        signal(worker, SIGKILL)
    }

    /// Processes of a worker that nothing more is tried against.
    mutating func survivors(of worker: Worker) -> Int {
        let isGone =
            worker.status != nil && orphans.left(by: worker.order.key).isEmpty && worker.group?.isEmpty ?? true
        if isGone { return 0 }
        table = nil
        return family(of: worker).count
    }

    private mutating func family(of worker: Worker) -> [Int32] {
        var table = table ?? ProcessTable()
        defer { self.table = table }
        return table.family(
            leader: worker.pid, key: worker.order.key,
            known: orphans.left(by: worker.order.key) + (worker.group?.pids ?? []))
    }
}
