/// Where ends of workers that memory should not hold wait to be taken, and what they may come to.
package struct EndPlace: Sendable {
    /// A day in nanoseconds.
    static let day: Int64 = 86_400 * 1_000_000_000

    /// A folder of the host's own: what lies in it is removed when the host starts.
    package var folder: String
    /// Files, and bytes of them, each counted with at least 4 KiB.
    package var count = 100_000
    package var bytes: Int64
    /// Monotonic nanoseconds.
    package var age = EndPlace.day
    /// Ends that were handed over and are kept for a while, in case the answer was lost.
    package var remembered = 64

    /// A place for so many bytes.
    package init(folder: String, bytes: Int64 = 1 << 30) {
        self.folder = folder
        self.bytes = bytes
    }
}
