/// Where a copy of a worker's outputs goes, and when one is made.
package struct OutputCopyOrder: Sendable, Hashable {
    /// A file that is made for it, readable by this user only.
    package var path: String
    /// Bytes of output that it holds at most.
    package var limit: Int64
    /// How long a worker runs before its outputs are copied, however short they are.
    ///
    /// `nil`: only long outputs are, and those that someone asks for.
    package var after: Duration?

    package init(path: String, limit: Int64 = 8 << 20, after: Duration? = nil) {
        self.path = path
        self.limit = limit
        self.after = after
    }
}
