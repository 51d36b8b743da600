/// What an agent should have.
///
/// Only what `removals` names is removed. An app in neither list stays as it is.
package struct DesiredState: Sendable, Hashable {
    /// Tells this content from other content; never 0, and the same after a restart.
    package let generation: Int64
    /// By name.
    package let apps: [LiveVersion]
    /// By name.
    package let removals: [String]

    init(apps: [LiveVersion], removals: [String]) {
        self.apps = apps
        self.removals = removals
        var hash = StableHash()
        for live in apps {
            hash.add(live.app)
            hash.add(live.version)
            hash.add(live.treeDigest)
        }
        hash.add([0])
        for app in removals { hash.add(app) }
        generation = hash.positive
    }
}

extension DesiredState {
    /// Whether the agent reports every app that it should have, installed or with the reason why not.
    func isReported(in record: AgentRecord) -> Bool {
        apps.allSatisfy { live in record.report.apps.contains { $0.app == live.app } }
    }
}

/// FNV-1a over fields with their lengths: the same in every process, unlike `Hasher`.
struct StableHash {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ bytes: some Collection<UInt8>) {
        withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { for byte in $0 { mix(byte) } }
        for byte in bytes { mix(byte) }
    }

    mutating func add(_ text: String) { add(text.utf8) }

    /// 1 to `Int64.max`.
    var positive: Int64 { max(1, Int64(truncatingIfNeeded: state & 0x7FFF_FFFF_FFFF_FFFF)) }

    private mutating func mix(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x100_0000_01b3
    }
}
