package import Logging
internal import ServiceLifecycle

/// When memory is handed back: soon after the start, and after each spell of work once it has been quiet for a
/// moment, but seldom. Times are seconds since some moment.
package struct HandBackRhythm: Sendable {
    /// Seconds without work before anything is handed back.
    package static let quiet = 5.0
    /// Least seconds from one time to the next.
    package static let pause = 60.0

    private var work: Int64?
    private var lastWork = 0.0
    private var lastTime: Double?
    private var isOwed = true

    package init() {}

    /// Whether to hand back now.
    ///
    /// `work` grows with everything that is done; `isBusy`: something is under way.
    package mutating func isDue(at now: Double, work: Int64, isBusy: Bool) -> Bool {
        if work != self.work || isBusy {
            self.work = work
            lastWork = now
            isOwed = true
        }
        guard isOwed, now - lastWork >= Self.quiet, lastTime.map({ now - $0 >= Self.pause }) ?? true else {
            return false
        }
        isOwed = false
        lastTime = now
        return true
    }
}

/// Hands memory back whenever a process has become idle.
package struct IdleMemory: Service {
    /// What a process has done so far, and whether something is under way.
    package typealias Activity = @Sendable () async -> (work: Int64, isBusy: Bool)

    private static let step = Duration.seconds(2)
    private let logger: Logger
    private let activity: Activity

    package init(logger: Logger, activity: @escaping Activity) {
        self.logger = logger
        self.activity = activity
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            let start = ContinuousClock.now
            var rhythm = HandBackRhythm()
            while (try? await Task.sleep(for: Self.step)) != nil {
                let (work, isBusy) = await activity()
                let now = (ContinuousClock.now - start) / .seconds(1)
                guard rhythm.isDue(at: now, work: work, isBusy: isBusy) else { continue }
                let bytes = ResidentMemory.handBack()
                logger.debug("memory handed back", metadata: ["code.bytes": "\(bytes)"])
            }
        }
    }
}
