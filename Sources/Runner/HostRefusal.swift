/// Why a worker host did not do what was asked.
package enum HostRefusal: Error, Hashable, Sendable {
    /// This attempt was started before; an attempt starts at most once.
    case alreadyStarted(AttemptKey)
    /// No worker of this attempt runs or ended here lately.
    case unknownAttempt(AttemptKey)
    /// The host was told to stop.
    case stopping
}
