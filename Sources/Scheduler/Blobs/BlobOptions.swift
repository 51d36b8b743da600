/// Bounds of the files at the center.
package struct BlobOptions: Sendable {
    /// Bytes of all files; past it those that were not used for longest go.
    package var bytes: Int64 = 10 << 30
    /// Files; past it the same.
    package var count = 200_000
    /// How long a file is kept after its last use, in milliseconds.
    package var keepMs: Int64 = 7 * 86_400_000
    /// The same for a file that a worker returned: as long as records are kept.
    package var keepReturnedMs: Int64 = 14 * 86_400_000
    /// A file that was used within this time is kept whatever comes: a call that names it may be on its way.
    /// Milliseconds.
    package var graceMs: Int64 = 600_000
    /// Uploads open at once.
    package var uploads = 256
    /// When an upload is given up that nothing is added to, in milliseconds.
    package var uploadIdleMs: Int64 = 600_000
    /// Bytes that wait to be written; more are refused, and sent again later.
    package var waitingBytes = 64 << 20

    /// The defaults.
    package init() {}
}
