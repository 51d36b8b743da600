// swift-tools-version: 6.2
import PackageDescription

// Layers, lowest first, as docs/decisions/0001-layers.md explains; Tests/ArchitectureTests holds them true.

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let log: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting: Target.Dependency = .product(name: "HummingbirdTesting", package: "hummingbird")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let nioHTTPTypes: Target.Dependency = .product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let yaml: Target.Dependency = .product(name: "Yams", package: "Yams")

// The static agent leaves out the contracts of components that it never talks to: its size is bounded.
let isAgentOnly = Context.environment["ELVES_AGENT_ONLY"] != nil
let unusedContracts = isAgentOnly ? ["Elves2.swift", "Scheduler.swift", "Supervisor.swift"] : []

func library(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, path: "Sources/Executables/\(name)", swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let package = Package(
    name: "elves",
    platforms: [.macOS(.v15)],
    products: [
        // Preloaded by fault runs; nothing links it.
        .library(name: "elves-fault-clock", type: .dynamic, targets: ["CElvesFaultClock"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.0.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0",
            traits: ["YAML", "CommandLineArguments"]),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.0.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.20.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        // Layer 0: values and codecs. No I/O, no clocks, no Foundation.
        library("ElvesCore"),
        tests("ElvesCoreTests", ["ElvesCore"]),
        tests("ArchitectureTests", ["ElvesCore"]),
        library("Thrift"),
        .target(name: "CElvesProcess"),
        .target(name: "CElvesFaultClock"),
        .systemLibrary(name: "CSodium", providers: [.apt(["libsodium-dev"])]),

        // Layer 1: transports and the generator.
        library("ThriftGenerator"),
        library("ThriftNIO", ["Thrift", nio, nioPosix, nioSSL, nioTLS]),
        library("ThriftInProcess", ["Thrift"]),
        tests("ThriftGeneratorTests", ["ThriftGenerator"]),

        // Layer 2: what services share. ElvesContracts is generated, every line of it.
        library("ElvesContracts", ["Thrift"], exclude: unusedContracts),
        tests("ThriftTests", ["Thrift", "ElvesContracts"]),
        .target(
            name: "TestSupport",
            dependencies: ["ElvesContracts", "Identity", "ServiceCore", "Thrift", nio, nioPosix],
            path: "Tests/TestSupport",
            swiftSettings: strict),
        tests(
            "ThriftNIOTests",
            [
                "Thrift", "ThriftNIO", "ThriftInProcess", "ElvesContracts", "Identity", "ServiceCore", "TestSupport",
                asn1, crypto, nio, nioPosix, nioSSL, x509,
            ]),
        tests(
            "ConformanceTests", ["Thrift", "ThriftNIO", "ThriftGenerator", nio, nioPosix],
            exclude: ["fixtures", "peers"]),

        // Layer 2: what every process has; ServiceKit is for the center only.
        library("ServiceCore", ["ElvesCore", "Thrift", "ThriftNIO", log, lifecycle, nioSSL]),
        tests(
            "ServiceCoreTests",
            ["ElvesCore", "ServiceCore", "TestSupport", "Thrift", "ThriftInProcess", "ThriftNIO", log, nioPosix]),
        library(
            "ServiceKit",
            [
                "ElvesContracts", "ElvesCore", "ServiceCore", "Thrift", "ThriftNIO", configuration, hummingbird,
                lifecycle, log, nio, nioPosix, signals, system,
            ]),
        tests(
            "ServiceKitTests",
            [
                "ElvesClient", "ElvesContracts", "Identity", "ServiceCore", "ServiceKit", "TestSupport", "Thrift",
                "ThriftInProcess", "ThriftNIO", lifecycle, log, nio, nioPosix,
            ]),

        // Layer 3: storage and package formats. No policy.
        library("AgentLinks", ["ElvesContracts", "ElvesCore", "Thrift", "ThriftNIO"]),
        tests("AgentLinksTests", ["AgentLinks", "ElvesCore"]),
        library("StorageSQLite", ["ElvesCore", grdb, grdbSQLite]),
        .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        library("AppPackage", ["ElvesContracts", "ElvesCore", "CArchive", crypto, system, yaml]),
        library("Identity", [crypto, system, x509, asn1]),
        tests("StorageSQLiteTests", ["StorageSQLite", "ElvesCore", grdb]),
        tests("AppPackageTests", ["AppPackage", "ElvesContracts", "ElvesCore", "TestSupport", crypto]),
        tests("IdentityTests", ["Identity", crypto, x509, asn1]),

        // Layer 4: components and SDKs.
        library(
            "Scheduler",
            [
                "AgentLinks", "ElvesContracts", "ElvesCore", "StorageSQLite", "Thrift", crypto, grdb, httpClient, log,
                nio, nioHTTP1,
            ]),
        tests(
            "SchedulerTests",
            [
                "Scheduler", "AgentLinks", "ElvesContracts", "ElvesCore", "StorageSQLite", "TestSupport", "Thrift",
                "ThriftInProcess", "ThriftNIO", crypto, grdb, hummingbird, log, nio, nioPosix,
            ]),
        library(
            "Heartbeat",
            ["AgentLinks", "AppPackage", "ElvesContracts", "ElvesCore", "StorageSQLite", "Thrift", grdb, log]),
        tests(
            "HeartbeatTests",
            [
                "Heartbeat", "AgentLinks", "ElvesContracts", "ElvesCore", "StorageSQLite", "TestSupport", "Thrift",
                "ThriftInProcess", log,
            ]),
        library("ElvesClient", [httpClient, crypto, nio, nioHTTP1, nioPosix]),
        tests("ElvesClientTests", ["ElvesClient"]),
        library(
            "OpenAPI",
            [
                "ElvesCore", "ElvesContracts", "ServiceCore", "Thrift", "ThriftNIO", hummingbird, hummingbirdCore,
                httpTypes, nio, nioHTTP1, nioHTTPTypes, nioPosix, crypto, log, lifecycle,
            ]),
        tests(
            "OpenAPITests",
            [
                "OpenAPI", "ElvesCore", "ElvesContracts", "TestSupport", hummingbird, hummingbirdTesting, httpTypes,
                nio,
                nioPosix, crypto, log,
            ]),
        library("ElvesApp"),
        tests("ElvesAppTests", ["ElvesApp"]),
        library(
            "Runner",
            [
                "CElvesProcess", "ElvesCore", "Thrift", "ThriftNIO", "ElvesContracts", nio, nioPosix, log, lifecycle,
                signals,
            ]),
        library(
            "Agent",
            [
                "CElvesProcess", "CSodium", "ElvesCore", "Thrift", "ThriftNIO", "ElvesContracts", "ServiceCore",
                "Runner", nio, nioPosix, nioSSL, log, lifecycle, signals,
            ]),
        tests(
            "AgentTests",
            [
                "Agent", "Runner", "CElvesProcess", "ElvesCore", "ElvesContracts", "Identity", "ServiceCore",
                "TestSupport", "Thrift", "ThriftInProcess", "ThriftNIO", nioPosix, log,
            ]),
        library(
            "Supervisor",
            ["AppPackage", "ElvesContracts", "ElvesCore", "Identity", "StorageSQLite", "Thrift", crypto, grdb, system]),
        tests(
            "SupervisorTests",
            [
                "Supervisor", "AppPackage", "ElvesContracts", "ElvesCore", "StorageSQLite", "TestSupport", "Thrift",
                "ThriftInProcess", "supervisor-victim",
            ]),
        .executableTarget(
            name: "supervisor-victim", dependencies: ["Supervisor"], path: "Tests/SupervisorVictim",
            swiftSettings: strict),
        tests("RunnerTests", ["Runner", "CElvesProcess"]),

        // Layer 5: what people see.
        library(
            "ElvesCLI",
            [
                "Agent", "AppPackage", "CElvesProcess", "ElvesClient", "ElvesContracts", "ElvesCore", "Identity",
                "Runner", "ServiceCore", "Supervisor", arguments, system,
            ]),
        tests(
            "IntegrationTests",
            [
                "ElvesClient", "ElvesContracts", "Identity", "ServiceCore", "TestSupport", "Thrift", "ThriftNIO",
                crypto, nio, nioHTTP1, nioPosix, nioSSL,
            ]),
        tests("ElvesCLITests", ["ElvesCLI", "ElvesClient", "TestSupport", hummingbird, log]),

        library(
            "Bench",
            [
                "Agent", "AgentLinks", "CElvesProcess", "ElvesClient", "ElvesContracts", "ElvesCore", "Identity",
                "Runner",
                "Scheduler", "ServiceCore",
                "ServiceKit", "Thrift", "ThriftNIO", arguments, crypto, grdb, hummingbird, log, nio, nioPosix, nioSSL,
                nioTLS,
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ], exclude: ["Peers"]),

        tests("BenchTests", ["Bench", "ElvesCore"]),

        // Layer 6: programs.
        program("elves-agent", ["Agent"]),
        program("elves-bench", ["Bench", arguments]),
        .executableTarget(
            name: "hello-swift", dependencies: ["ElvesApp"], path: "apps/hello-swift/Sources", swiftSettings: strict),
        program("elves", ["ElvesCLI"]),
        program(
            "elves-scheduler",
            ["Scheduler", "AgentLinks", "ElvesContracts", "ElvesCore", "ServiceCore", "ServiceKit", lifecycle]),
        program(
            "elves-heartbeat",
            ["Heartbeat", "AgentLinks", "ElvesContracts", "ServiceCore", "ServiceKit", lifecycle]),
        program("elves-supervisor", ["Supervisor", "ElvesContracts", "ServiceCore", "ServiceKit", lifecycle]),
        program("elves-openapi", ["ElvesCore", "OpenAPI", "ServiceCore", "ServiceKit", "ThriftNIO", lifecycle]),
        program("elves-thrift", ["ThriftGenerator", arguments]),
    ]
)
