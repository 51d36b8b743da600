/// How the program ends.
///
/// Thrown by a command that has said all it had to say.
package enum CommandStatus: Int32, Error, Sendable {
    /// All succeeded.
    case success = 0
    /// Some failed.
    case failure = 1
    /// The command line was wrong, and nothing was done.
    case usage = 2
    /// The center, an agent, or how a task ended is out of sight.
    case unreachable = 3
    /// The key may not do this.
    case denied = 4
}
