import ElvesCore
import Foundation

/// What `swift package dump-package` says of this package.
struct PackageDescription: Sendable {
    struct Target: Sendable {
        let name: String
        /// `regular`, `executable`, `test`, `system`, `plugin` …
        let kind: String
        /// The folder of its sources, relative to the package.
        let path: String
        /// Targets of this package.
        let targets: [String]
        /// Products of other packages.
        let products: [String]
    }

    /// By name.
    let targets: [String: Target]

    /// Read once for all tests.
    static let current = Result { try PackageDescription(json: dump()) }

    init(json: JSONValue) throws {
        let described = json["targets"]?.array ?? []
        let names = Set(described.compactMap { $0["name"]?.string })
        guard !names.isEmpty else { throw Problem("dump-package names no targets") }
        var targets: [String: Target] = [:]
        for target in described {
            guard let name = target["name"]?.string, let kind = target["type"]?.string else {
                throw Problem("dump-package describes a target without name or type")
            }
            var own: [String] = []
            var products: [String] = []
            for dependency in target["dependencies"]?.array ?? [] {
                for member in dependency.object ?? [:] {
                    guard let word = member.value[0]?.string else { continue }
                    if member.name == "product" || !names.contains(word) {
                        products.append(word)
                    } else {
                        own.append(word)
                    }
                }
            }
            let path = target["path"]?.string ?? "\(kind == "test" ? "Tests" : "Sources")/\(name)"
            targets[name] = Target(name: name, kind: kind, path: path, targets: own, products: products)
        }
        self.targets = targets
    }

    /// The target and all that it depends on, directly or not.
    func closure(of name: String) -> Set<String> {
        var found: Set<String> = []
        var open = [name]
        while let next = open.popLast() {
            if found.insert(next).inserted { open += targets[next]?.targets ?? [] }
        }
        return found
    }

    /// A scratch folder of its own keeps this swift out of the lock of the one that runs the tests.
    private static func dump() throws -> JSONValue {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "elves-architecture-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let swift = Process()
        swift.executableURL = URL(filePath: "/usr/bin/env")
        swift.arguments = [
            "swift", "package", "--package-path", Sources.root.path(), "--scratch-path", scratch.path(),
            "--disable-sandbox", "dump-package",
        ]
        let output = Pipe()
        swift.standardOutput = output
        try swift.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        swift.waitUntilExit()
        guard swift.terminationStatus == 0 else {
            throw Problem("swift package dump-package ended with \(swift.terminationStatus)")
        }
        return try JSONValue(parsing: Array(bytes))
    }
}

struct Problem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
