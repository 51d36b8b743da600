/// Apps, versions, bindings and keys.
extension ErrorCode {
    /// Unknown app.
    package static let supervisorAppUnknown = ErrorCode(
        "supervisor.app.unknown", "Unknown app", 404, .caller, elves2: .appNotFound,
        hint: "Try: elves app list.")
    /// The app is still bound.
    package static let supervisorAppLive = ErrorCode(
        "supervisor.app.live", "The app is still bound", 409, .caller,
        hint: "Unbind it first: elves app unbind APP --on TARGETS.")
    /// Unknown version.
    package static let supervisorVersionUnknown = ErrorCode(
        "supervisor.version.unknown", "Unknown version", 404, .caller, elves2: .appNotFound,
        hint: "Push it first: elves app push FOLDER.")
    /// A version is immutable and this one exists.
    package static let supervisorVersionExists = ErrorCode(
        "supervisor.version.exists", "A version is immutable and this one exists", 409, .caller,
        hint: "Raise the version in app.yaml and push again.")
    /// The app has no live version.
    package static let supervisorVersionNoneLive = ErrorCode(
        "supervisor.version.noneLive", "The app has no live version", 409, .caller, elves2: .appNotFound,
        hint: "Activate one: elves app activate APP VERSION.")
    /// The app is not bound so.
    package static let supervisorBindingUnknown = ErrorCode(
        "supervisor.binding.unknown", "The app is not bound so", 404, .caller,
        hint: "The app's bindings are in: elves app list APP.")
    /// Unknown key.
    package static let supervisorKeyUnknown = ErrorCode(
        "supervisor.key.unknown", "Unknown key", 404, .caller, elves2: .authIdNotFound,
        hint: "Try: elves key list.")
    /// A key scope that cannot be read.
    package static let supervisorKeyScope = ErrorCode(
        "supervisor.key.scope", "A key scope that cannot be read", 400, .caller,
        hint: "Give names of apps and functions, and selectors of agents.")
    /// The master key cannot be used.
    package static let supervisorKeyMaster = ErrorCode(
        "supervisor.key.master", "The master key cannot be used", 500, .operator,
        hint: "The keys are sealed under another master key: restore the file that made them.")
    /// Unknown or forgotten upload.
    package static let supervisorUploadUnknown = ErrorCode(
        "supervisor.upload.unknown", "Unknown or forgotten upload", 404, .caller, retryable: true,
        hint: "Push again from the start.")
    /// An upload chunk out of order.
    package static let supervisorUploadOffset = ErrorCode(
        "supervisor.upload.offset", "An upload chunk out of order", 409, .caller, retryable: true,
        hint: "Push again from the start, chunk after chunk.")
    /// An upload of another size than announced.
    package static let supervisorUploadSize = ErrorCode(
        "supervisor.upload.size", "An upload of another size than announced", 400, .caller, retryable: true,
        hint: "Push again; the file changed or was cut short.")
    /// Too many uploads at once.
    package static let supervisorUploadTooMany = ErrorCode(
        "supervisor.upload.tooMany", "Too many uploads at once", 503, .operator, retryable: true,
        hint: "Wait for the others to finish.")
    /// No such file in the store.
    package static let supervisorFileUnknown = ErrorCode(
        "supervisor.file.unknown", "No such file in the store", 404, .elves,
        hint: "The tree names a file that the store lacks: push the version again under a new number.")
    /// A part outside the file.
    package static let supervisorFileRange = ErrorCode(
        "supervisor.file.range", "A part outside the file", 400, .elves,
        hint: "Ask for an offset inside the file and at most 256 KiB.")

    static let supervisor: [ErrorCode] = [
        supervisorAppUnknown, supervisorAppLive, supervisorVersionUnknown, supervisorVersionExists,
        supervisorVersionNoneLive, supervisorBindingUnknown, supervisorKeyUnknown, supervisorKeyScope,
        supervisorKeyMaster, supervisorUploadUnknown, supervisorUploadOffset, supervisorUploadSize,
        supervisorUploadTooMany, supervisorFileUnknown, supervisorFileRange,
    ]
}
