import ElvesCore

/// What the worker of one attempt returns: its files, and the ones that are on their way in.
struct ReturnedFiles: Sendable {
    private(set) var files: [String: TaskFile] = [:]
    var uploads: [String: BlobUpload] = [:]
    /// On the monotonic clock, in microseconds.
    var used: Int64

    init(now: Int64) { used = now }

    /// Notes a file; throws when the attempt returns too much.
    mutating func note(_ file: TaskFile) throws(ElvesError) {
        var all = files
        all[file.name] = file
        try FileRules.check(Array(all.values))
        files = all
    }
}
