internal import NIOCore
internal import Thrift

/// A call that waits for its answer.
struct PendingCall {
    /// Resumed once, by whoever takes the call out of the table. Unchecked, because a checked one costs each call
    /// an allocation.
    let continuation: UnsafeContinuation<ThriftReply?, any Error>
    let deadline: NIODeadline
}

/// What one connection has under way: calls out, bytes to send, the next deadline. A plain value; its owner
/// holds the lock and does what the decisions say.
struct CallTable {
    /// What the owner has to do after a step.
    enum Decision {
        /// The bytes are queued and a drain is already on its way.
        case nothing
        /// Drain on the loop, and look for late calls at this time if one is given.
        case drain(sweepAt: NIODeadline?)
        /// Enough has gathered: the peer can begin with it. Drain right here if this is the loop.
        case drainNow
        case refuse(ThriftError)
    }

    var pending: [Int32: PendingCall] = [:]
    var hello = Hello()
    /// Whether hellos were exchanged.
    var greeted = false
    var drainScheduled = false
    /// Calls of the peer that run here and may be cancelled.
    private var serving: [Int32: Task<Void, Never>] = [:]
    private(set) var servingCount = 0
    /// The call whose handler is being started: most end before their task could be noted.
    private var starting: Int32?
    private(set) var closed: ThriftError?
    private(set) var closedBecause: ThriftError.Code?
    private var outbox: ByteBuffer
    /// Messages in the outbox.
    private var gathered = 0
    /// Whether the connection is in the middle of a read.
    private var isReading = false
    /// Messages after which a busy turn of the loop sends what it has: what comes at once in one turn would go through
    /// the peers at once, and all but one of them would wait.
    private static let drainedAt = 8
    private let allocator: ByteBufferAllocator
    private var sequence: Int32 = 0
    private var timer: Scheduled<Void>?
    private var sweepAt: NIODeadline?

    init(allocator: ByteBufferAllocator) {
        self.allocator = allocator
        outbox = ByteBuffer()
    }

    mutating func takeSequence() -> Int32 {
        sequence = sequence == .max ? 1 : sequence + 1
        return sequence
    }

    mutating func begin(
        _ call: PendingCall, sequence: Int32, framed: UnsafeRawBufferPointer, options: ConnectionOptions
    ) -> Decision {
        if let closed { return .refuse(ThriftError(.notConnected, closed.message)) }
        if Task.isCancelled { return .refuse(ThriftError(.cancelled, "the caller gave up")) }
        guard pending.count < options.callsOut else {
            return .refuse(ThriftError(.overloaded, "\(options.callsOut) calls are already in flight"))
        }
        let decision = send(framed, limit: options.outboxBytes)
        if case .refuse = decision { return decision }
        pending[sequence] = call
        if let sweepAt, sweepAt <= call.deadline { return decision }
        sweepAt = call.deadline
        drainScheduled = true
        return .drain(sweepAt: call.deadline)
    }

    /// Queues bytes whose first four await the length.
    mutating func send(_ framed: UnsafeRawBufferPointer, limit: Int) -> Decision {
        if let closed { return .refuse(ThriftError(.notConnected, closed.message)) }
        guard outbox.readableBytes + framed.count <= limit else {
            return .refuse(ThriftError(.overloaded, "\(outbox.readableBytes) bytes already wait to be sent"))
        }
        outbox.writeFramed(framed)
        gathered += 1
        if drainScheduled { return !isReading && gathered % Self.drainedAt == 0 ? .drainNow : .nothing }
        drainScheduled = true
        return .drain(sweepAt: nil)
    }

    /// What is sent from now on waits for the next `takeOutbox`, which the owner promises: a write that fails in the
    /// middle of a read would end the connection under the reader.
    mutating func gather() {
        drainScheduled = true
        isReading = true
    }

    mutating func takeOutbox() -> ByteBuffer? {
        drainScheduled = false
        isReading = false
        gathered = 0
        guard outbox.readableBytes > 0 else { return nil }
        let bytes = outbox
        outbox = ByteBuffer()
        return bytes
    }

    /// Calls whose deadline has passed, and when to look again. The calls stay until given up.
    mutating func takeLate(now: NIODeadline) -> (late: [Int32], next: NIODeadline?) {
        var late: [Int32] = []
        var next: NIODeadline?
        for (sequence, call) in pending {
            if call.deadline <= now {
                late.append(sequence)
            } else {
                next = min(next ?? call.deadline, call.deadline)
            }
        }
        timer = nil
        sweepAt = next
        return (late, next)
    }

    /// Remembers a timer; answers the one that is superfluous and to be cancelled. A timer that was set up
    /// for another deadline than the nearest, or after the end, is itself superfluous.
    mutating func replaceTimer(_ new: Scheduled<Void>, at deadline: NIODeadline) -> Scheduled<Void>? {
        guard closed == nil, deadline == sweepAt else { return new }
        defer { timer = new }
        return timer
    }

    /// Counts one more call of the peer, unless `limit` run already.
    mutating func beginServing(_ sequence: Int32, limit: Int) -> Bool {
        guard servingCount < limit else { return false }
        servingCount += 1
        starting = sequence
        return true
    }

    /// Notes the task of a call that still runs, so that it can be cancelled.
    mutating func note(_ task: Task<Void, Never>, serving sequence: Int32) {
        guard starting == sequence else { return }
        starting = nil
        serving[sequence] = task
    }

    mutating func endServing(_ sequence: Int32) {
        servingCount -= 1
        if starting == sequence {
            starting = nil
        } else {
            serving.removeValue(forKey: sequence)
        }
    }

    func servingTask(_ sequence: Int32) -> Task<Void, Never>? { serving[sequence] }

    /// What is left when the connection is gone; the owner ends it.
    struct Leftovers {
        var pending: [PendingCall] = []
        var serving: [Task<Void, Never>] = []
        var timer: Scheduled<Void>?
    }

    mutating func end(_ error: ThriftError, because code: ThriftError.Code?) -> Leftovers {
        guard closed == nil else { return Leftovers() }
        closed = error
        closedBecause = code
        outbox = ByteBuffer()
        defer {
            pending = [:]
            timer = nil
        }
        return Leftovers(pending: Array(pending.values), serving: Array(serving.values), timer: timer)
    }
}
