internal import ElvesCore

/// Which start of the machine this is.
package enum BootIdentity {
    /// The kernel's word for it; empty where it has none.
    package static let current: String = {
        guard let bytes = try? Disk.read("/proc/sys/kernel/random/boot_id") else { return "" }
        return String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)
    }()
}
