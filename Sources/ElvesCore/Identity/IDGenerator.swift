/// Makes ids that only ever grow, whatever the clock does.
///
/// It reads no clock: the caller passes the time, and keeps the generator to itself (an actor, a Mutex).
/// When the clock steps back, or more than 4096 ids are asked for in one millisecond, the time part
/// runs ahead of the clock until the clock has caught up.
package struct IDGenerator: Sendable {
    /// 0 to 1023; each component instance has its own.
    package let number: UInt16
    private var tick: Int64
    private var sequence: Int64

    /// The largest generator number.
    package static let lastNumber: UInt16 = 1 << UInt16(ElvesID.generatorBits) - 1

    /// Makes a generator, or nil when `number` is above 1023.
    ///
    /// `after`: the largest id known to be in use, so that ids keep growing over a restart after which
    /// the clock stands behind it.
    package init?(number: UInt16, after last: ElvesID? = nil) {
        guard number <= Self.lastNumber else { return nil }
        self.number = number
        tick = last?.tick ?? 0
        sequence = last == nil ? 0 : ElvesID.lastSequence
    }

    /// The next id; `nowMs` is UTC milliseconds since 1970.
    ///
    /// A time before 2025 or past 2094 cannot be written in an id: such a clock is not believed, and
    /// the id follows the last one.
    package mutating func next(nowMs: Int64) -> ElvesID {
        let (now, overflow) = nowMs.subtractingReportingOverflow(ElvesID.epochMs)
        if !overflow, now > tick, now < ElvesID.lastTick {
            tick = now
            sequence = 0
        } else if tick > 0, sequence < ElvesID.lastSequence {
            sequence += 1
        } else {
            tick += 1
            sequence = 0
        }
        guard tick <= ElvesID.lastTick, let id = ElvesID(tick: tick, generator: number, sequence: sequence) else {
            preconditionFailure("the id space of generator \(number) is used up")
        }
        return id
    }
}
