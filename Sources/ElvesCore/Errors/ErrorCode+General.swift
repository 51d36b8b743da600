/// Problems that any program can have.
extension ErrorCode {
    /// Internal error.
    package static let elvesInternal = ErrorCode(
        "elves.internal", "Internal error", 500, .elves,
        hint: "This is a bug in Elves: report it with the trace id of the answer.")
    /// Too much at once.
    package static let elvesOverloaded = ErrorCode(
        "elves.overloaded", "Too much at once", 503, .operator, retryable: true,
        hint: "Try again after a moment, or make fewer calls at once.")
    /// The caller's deadline passed.
    package static let elvesDeadline = ErrorCode(
        "elves.deadline", "The caller's deadline passed", 504, .caller, retryable: true,
        hint: "Allow more time; what was begun may still end, see its record.")
    /// The caller gave up.
    package static let elvesCancelled = ErrorCode(
        "elves.cancelled", "The caller gave up", 499, .caller, retryable: true,
        hint: "Nothing is wrong; ask again if the answer is still wanted.")
    /// The program is stopping.
    package static let elvesStopping = ErrorCode(
        "elves.stopping", "The program is stopping", 503, .operator, retryable: true,
        hint: "Try again: another instance, or this one after its restart, answers.")
    /// The program is not ready yet.
    package static let elvesNotReady = ErrorCode(
        "elves.notReady", "The program is not ready yet", 503, .operator, retryable: true,
        hint: "Try again after a moment; `elves doctor` says what it waits for.")
    /// A setting is missing.
    package static let elvesConfigMissing = ErrorCode(
        "elves.config.missing", "A setting is missing", 500, .operator,
        hint: "Set it in the configuration file, the environment or by a flag.")
    /// A setting has a wrong value.
    package static let elvesConfigInvalid = ErrorCode(
        "elves.config.invalid", "A setting has a wrong value", 500, .operator,
        hint: "Correct the named setting; the message says what is accepted.")
    /// A setting that does not exist.
    package static let elvesConfigUnknown = ErrorCode(
        "elves.config.unknown", "A setting that does not exist", 500, .operator,
        hint: "Correct the name, or remove the line.")
    /// The configuration file cannot be read.
    package static let elvesConfigUnreadable = ErrorCode(
        "elves.config.unreadable", "The configuration file cannot be read", 500, .operator,
        hint: "Check its path, its permissions and the named line.")
    /// A secret is missing.
    package static let elvesSecretMissing = ErrorCode(
        "elves.secret.missing", "A secret is missing", 500, .operator,
        hint: "There is no default secret: make one as the message says, and start again.")
    /// A secret file is open to others.
    package static let elvesSecretPermissions = ErrorCode(
        "elves.secret.permissions", "A secret file is open to others", 500, .operator,
        hint: "Let only its owner read it: chmod 600 FILE.")
    /// No space left for the store.
    package static let elvesStoreFull = ErrorCode(
        "elves.store.full", "No space left for the store", 507, .operator, retryable: true,
        hint: "Free space on the disk of the data folder; nothing that was acknowledged is lost.")
    /// The store was written by a newer version.
    package static let elvesStoreNewer = ErrorCode(
        "elves.store.newer", "The store was written by a newer version", 500, .operator,
        hint: "Start the newer version again, or restore a backup from before the upgrade.")
    /// The store is damaged.
    package static let elvesStoreDamaged = ErrorCode(
        "elves.store.damaged", "The store is damaged", 500, .operator,
        hint: "Restore the newest backup; keep the damaged file for examination.")
    /// The store cannot be used.
    package static let elvesStoreUnavailable = ErrorCode(
        "elves.store.unavailable", "The store cannot be used", 503, .operator, retryable: true,
        hint: "Check the data folder's path and permissions, and that no other instance uses it.")
    /// Not an id.
    package static let elvesIdInvalid = ErrorCode(
        "elves.id.invalid", "Not an id", 400, .caller,
        hint: "An id is 16 hex digits, such as 00a1b2c3d4e5f607.")
    /// Not valid JSON.
    package static let elvesJsonInvalid = ErrorCode(
        "elves.json.invalid", "Not valid JSON", 400, .caller,
        hint: "Correct the text at the named line and column.")
    /// A selector that cannot be read.
    package static let elvesSelectorSyntax = ErrorCode(
        "elves.selector.syntax", "A selector that cannot be read", 400, .caller, elves2: .ip,
        hint: "Write it as in zone=bj,role in (web,api),!canary.")
    /// A target that cannot be read.
    package static let elvesTargetSyntax = ErrorCode(
        "elves.target.syntax", "A target that cannot be read", 400, .caller, elves2: .ip,
        hint: "Give a selector, ips, names or ids, with commas between; * is everything.")
    /// Not a duration.
    package static let elvesDurationInvalid = ErrorCode(
        "elves.duration.invalid", "Not a duration", 400, .caller,
        hint: "Write it with units, as 90s, 5m or 1h30m.")
    /// Not a size.
    package static let elvesSizeInvalid = ErrorCode(
        "elves.size.invalid", "Not a size", 400, .caller,
        hint: "Write it with a unit, as 512KiB, 64MiB or 1GB.")

    static let general: [ErrorCode] = [
        elvesInternal, elvesOverloaded, elvesDeadline, elvesCancelled, elvesStopping, elvesNotReady,
        elvesConfigMissing, elvesConfigInvalid, elvesConfigUnknown, elvesConfigUnreadable, elvesSecretMissing,
        elvesSecretPermissions, elvesStoreFull, elvesStoreNewer, elvesStoreDamaged, elvesStoreUnavailable,
        elvesIdInvalid, elvesJsonInvalid, elvesSelectorSyntax, elvesTargetSyntax, elvesDurationInvalid,
        elvesSizeInvalid,
    ]
}
