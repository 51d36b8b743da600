import ElvesCore

extension SchedulerService {
    /// Checks what can be seen without asking anybody.
    func check(_ order: BatchOrder) throws(ElvesError) {
        try check(order.call)
        try order.retryRule?.check()
        try check(order.targets)
        guard order.concurrency >= 0 else { throw invalid("a concurrency of \(order.concurrency)", "0 (all) or more") }
        if let failures = order.maxFailures, failures < 0 {
            throw invalid("\(failures) failures at most", "0 or more")
        }
        if let percent = order.maxFailurePercent, !(0...100).contains(percent) {
            throw invalid("\(percent) percent of failures at most", "0 to 100")
        }
        guard order.owner.utf8.count <= 128 else {
            throw invalid("an owner of \(order.owner.utf8.count) bytes", "at most 128 bytes long")
        }
        let held = batches.targetCount + order.targets.count
        guard held <= limits.batchTargetsHeld else {
            throw ElvesError(
                .schedulerFull,
                "batches that have not ended have \(held - order.targets.count) targets; with \(order.targets.count) more they would be over \(limits.batchTargetsHeld)"
            )
        }
    }

    private func invalid(_ what: String, _ right: String) -> ElvesError {
        ElvesError(.schedulerRequestInvalid, "\(what); it must be \(right)")
    }

    private func check(_ targets: [TaskTarget]) throws(ElvesError) {
        guard !targets.isEmpty else { throw ElvesError(.schedulerBatchEmpty) }
        guard targets.count <= limits.batchTargets else {
            throw ElvesError(
                .schedulerBatchTooLarge,
                "\(targets.count) targets; a batch takes at most \(limits.batchTargets)")
        }
        var seen = Set<FairQueue.AgentName>(minimumCapacity: targets.count)
        for target in targets {
            guard target.id != nil || !target.ip.isEmpty else {
                throw ElvesError(.elvesTargetSyntax, "each target of a batch needs the id or the ip of an agent")
            }
            guard seen.insert(FairQueue.AgentName(target)).inserted else {
                throw ElvesError(.schedulerRequestInvalid, "agent \(target.words) is a target twice")
            }
        }
    }
}

extension Batch {
    /// The record of a batch that was just ordered.
    init(_ id: ElvesID, _ order: BatchOrder, createdAt: Int64) {
        let total = order.targets.count
        self.init(
            id: id, call: order.call, total: total,
            concurrency: order.concurrency > 0 ? min(order.concurrency, total) : total,
            generation: order.generation, caller: order.caller, trace: order.trace, createdAt: createdAt)
        maxFailures = order.maxFailures
        maxFailurePercent = order.maxFailurePercent
        if order.startByMs > 0 { startBy = createdAt + order.startByMs }
        retryRule = order.retryRule
        owner = order.owner
    }
}
