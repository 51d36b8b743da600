import ElvesCore

/// Bounds of the history.
enum HistoryLimits {
    /// Bytes of a text that a list shows whole; longer ones are cut.
    static let textBytes = 1_024
    /// Rows that one page looks at in an index.
    static let window = 5_000
    /// Entries of an index that tell how rare what it lists is.
    static let probe = 1_000
    /// Ended tasks in one step of filling the indexes.
    static let indexStep = 4_000
}

extension Execution {
    /// The record as lists show it: cut, and without how the worker was started.
    var brief: Execution {
        var record = cut
        record.outcome.worker = nil
        return record
    }

    /// The record without long texts. Of more than 1 KiB, param and result are left out (a part of JSON is no JSON),
    /// message and outputs are cut; bytes of output that are cut count as dropped.
    var cut: Execution {
        var record = self
        record.call.param = call.param.flatMap { $0.utf8.count > HistoryLimits.textBytes ? nil : $0 }
        record.outcome.result = outcome.result.flatMap { $0.utf8.count > HistoryLimits.textBytes ? nil : $0 }
        record.outcome.message = outcome.message.cut(to: HistoryLimits.textBytes)
        record.outcome.stdout = outcome.stdout.cut
        record.outcome.stderr = outcome.stderr.cut
        return record
    }

    /// Whether a list shows less of its texts than there is.
    var hasLongText: Bool {
        let limit = HistoryLimits.textBytes
        return call.param?.utf8.count ?? 0 > limit || outcome.result?.utf8.count ?? 0 > limit
            || outcome.message.utf8.count > limit || outcome.stdout.isLong || outcome.stderr.isLong
    }
}

extension KeptOutput {
    fileprivate var isLong: Bool { head.utf8.count > HistoryLimits.textBytes || !tail.isEmpty }

    fileprivate var cut: KeptOutput {
        guard isLong else { return self }
        let cut = head.cut(to: HistoryLimits.textBytes)
        return KeptOutput(head: cut, dropped: dropped + Int64(head.utf8.count - cut.utf8.count + tail.utf8.count))
    }
}

extension String {
    /// At most so many bytes of its start, cut between characters' bytes.
    func cut(to bytes: Int) -> String {
        guard utf8.count > bytes else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: bytes)
        // Back to the start of a scalar.
        while utf8[end] & 0xC0 == 0x80 { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
