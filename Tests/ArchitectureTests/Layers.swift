/// The layer table: what may depend on what. A new target gets its line here, in the same commit.
enum Layers {
    /// Libraries by layer, lowest first. System libraries and C shims (`CElves…`) are layer 0,
    /// `Storage…` are layer 3, executables are layer 6.
    private static let table: [Int: Set<String>] = [
        0: ["ElvesCore", "Thrift"],
        1: ["ThriftNIO", "ThriftInProcess", "ThriftGenerator"],
        2: ["ElvesContracts", "ServiceCore", "ServiceKit"],
        3: ["AppPackage", "AgentLinks", "Identity", "Runner"],
        4: [
            "OpenAPI", "Scheduler", "Heartbeat", "Supervisor", "Queue", "Cron", "CMDBProxy", "Agent",
            "ElvesClient", "ElvesApp",
        ],
        5: ["ElvesCLI", "Console", "AgentStatus", "Bench"],
    ]

    /// Executables that are bundled apps: their sources stand with the app, not with the programs.
    static let apps: Set<String> = ["hello-swift"]

    /// Dependencies inside one layer, each for a reason; everything else points strictly down.
    static let sideways: [String: Set<String>] = [
        // ServiceCore is what ServiceKit and the agent share.
        "ServiceKit": ["ServiceCore", "ElvesContracts"]
    ]

    /// Never import a module whose name begins with Foundation, nor reach a target that does.
    static let withoutFoundation: Set<String> = [
        "ElvesCore", "Thrift", "ThriftNIO", "ThriftInProcess", "ServiceCore", "Agent", "Runner", "ElvesContracts",
        "elves-agent",
    ]

    /// Libraries that import no Foundation and are small enough for an agent; it links no others.
    static let productsWithoutFoundation: Set<String> = [
        "NIOCore", "NIOPosix", "NIOSSL", "NIOTLS", "Logging", "ServiceLifecycle", "UnixSignals",
    ]

    /// Modules that a target never imports, besides Foundation.
    static let forbiddenImports: [String: Set<String>] = [
        "Agent": ["Crypto", "X509", "SwiftASN1", "ServiceKit"],
        "Runner": ["Crypto", "X509", "SwiftASN1", "ServiceKit", "NIOSSL"],
        "ServiceCore": ["Crypto", "X509", "SwiftASN1"],
        "ElvesCLI": ["GRDB", "StorageSQLite", "SQLite3", "CSQLite"],
        "Thrift": ["NIO", "NIOCore", "NIOPosix", "ElvesContracts"],
    ]

    /// The layer of a library, system library or executable; nil when the table does not know it.
    static func layer(of target: PackageDescription.Target) -> Int? {
        if target.kind == "system" || target.name.hasPrefix("CElves") { return 0 }
        if target.kind == "executable" { return 6 }
        if target.name.hasPrefix("Storage") { return 3 }
        return table.first { $0.value.contains(target.name) }?.key
    }
}
