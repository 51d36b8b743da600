/// Bounds that a reader checks before it allocates.
package struct ThriftLimits: Sendable, Hashable {
    /// Longest frame in bytes, without its length word.
    package var frameBytes: Int
    /// Deepest nesting of structs and containers.
    package var nesting: Int
    /// Bytes that the decoded elements of one frame's containers may take in memory, all together.
    package var containerBytes: Int

    /// Creates limits; the defaults are those of every Elves connection.
    package init(
        frameBytes: Int = 16 * 1024 * 1024, nesting: Int = 64, containerBytes: Int = 128 * 1024 * 1024
    ) {
        self.frameBytes = frameBytes
        self.nesting = nesting
        self.containerBytes = containerBytes
    }

    /// 16 MiB frames, 64 levels, 128 MiB of decoded elements.
    package static let standard = ThriftLimits()
}
