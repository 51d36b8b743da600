internal import Glibc

/// The right to be the one runner of an agent's folder; the kernel takes it back when its holder dies.
struct RunnerLock: ~Copyable {
    private let descriptor: Int32

    /// Takes the lock; nil when another process has it.
    init?(root: String) {
        let descriptor = open(root + "/" + RunnerProcess.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
    }

    /// Takes it once its holder lets go; nil when that takes too long.
    ///
    /// An agent holds it for a moment while it ends what a dead runner left.
    init?(root: String, within patience: Duration) async {
        let clock = ContinuousClock()
        let end = clock.now + patience
        while true {
            if let lock = RunnerLock(root: root) {
                self = lock
                return
            }
            guard clock.now < end else { return nil }
            try? await clock.sleep(for: .milliseconds(20))
        }
    }

    deinit { close(descriptor) }

    /// Whether somebody has it. Who cannot find out takes it so: a runner that lives must not be taken for dead.
    fileprivate static func isHeld(root: String) -> Bool {
        let descriptor = open(root + "/" + RunnerProcess.lock, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return errno != ENOENT }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0
    }
}

extension RunnerProcess {
    /// Whether a runner of an agent's folder lives, whether it answers or not: one that stands still does not.
    package static func isAlive(root: String) -> Bool { RunnerLock.isHeld(root: root) }
}
