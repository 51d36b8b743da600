import Foundation
import Testing

@Suite struct SourceTests {
    private let package: PackageDescription

    init() throws {
        package = try PackageDescription.current.get()
    }

    @Test func sourcesAreFound() throws {
        #expect(try Sources.files(in: "Sources/ElvesCore").count > 10)
    }

    @Test func theAgentsSideImportsNoFoundation() throws {
        var reached: Set<String> = []
        for name in Layers.withoutFoundation { reached.formUnion(package.closure(of: name)) }
        for name in reached {
            let target = try #require(package.targets[name], "no target \(name)")
            let files = try Sources.files(in: target.path)
            // System libraries and C shims have no Swift.
            #expect(!files.isEmpty || target.kind == "system" || name.hasPrefix("CElves"), "no sources of \(name)")
            for file in files {
                let found = file.imports.filter { $0.hasPrefix("Foundation") }
                #expect(found.isEmpty, "\(file.path) imports \(found)")
            }
        }
    }

    @Test func forbiddenModulesAreNotImported() throws {
        for (name, forbidden) in Layers.forbiddenImports {
            let target = try #require(package.targets[name], "no target \(name)")
            for file in try Sources.files(in: target.path) {
                let found = forbidden.intersection(file.imports).sorted()
                #expect(found.isEmpty, "\(file.path) imports \(found)")
            }
        }
    }

    /// No I/O, no clocks: not even the C library.
    @Test func theCoreImportsNothing() throws {
        for file in try Sources.files(in: "Sources/ElvesCore") {
            #expect(file.imports.isEmpty, "\(file.path) imports \(file.imports)")
            let clock = file.code.filter { $0.contains(#/\b(?:ContinuousClock|SuspendingClock|Task\.sleep)\b/#) }
            #expect(clock.isEmpty, "\(file.path) reads a clock: \(clock)")
        }
    }

    @Test func executablesAreThin() throws {
        for target in package.targets.values where target.kind == "executable" {
            let files = try Sources.files(in: target.path)
            #expect(!files.isEmpty, "\(target.name) has no sources in \(target.path)")
            let lines = files.map { $0.text.count { $0 == "\n" } }.reduce(0, +)
            #expect(lines < 60, "\(target.name) has \(lines) lines; its logic belongs in a library")
        }
    }

    /// A center must not fall over what one request brings.
    @Test func nothingTrapsOnPurpose() throws {
        let trap = #/\bfatalError\s*\(|\btry!|\bas!\s/#
        let files = try Sources.files(in: "Sources")
        #expect(files.count > 300)
        for file in files {
            for (place, line) in file.code.enumerated() where line.contains(trap) {
                Issue.record("\(file.path):\(place + 1): \(line)")
            }
        }
    }
}

@Suite struct ImportScanTests {
    @Test(arguments: [
        ("import Foundation", ["Foundation"]), ("package import NIOCore", ["NIOCore"]),
        ("@preconcurrency import NIO  // why", ["NIO"]), ("@_spi(X) @testable import A", ["A"]),
        ("    internal import struct Foundation.Data", ["Foundation"]), ("// import Foundation", []),
        ("let importer = 1", []), ("#if canImport(Foundation)\nimport Foundation\n#endif", ["Foundation"]),
    ])
    func importsAreSeenInEveryForm(text: String, modules: [String]) {
        #expect(Sources.File(path: "", text: text).imports == modules)
    }
}
