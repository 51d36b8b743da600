import ElvesCore
import Testing

@Suite struct LayerTests {
    private let package: PackageDescription

    init() throws {
        package = try PackageDescription.current.get()
    }

    /// Tests and their helpers may depend on anything.
    private var targets: [PackageDescription.Target] {
        package.targets.values.filter { $0.kind != "test" && !$0.path.hasPrefix("Tests/") }.sorted { $0.name < $1.name }
    }

    @Test func everyTargetHasALayer() {
        for target in targets {
            #expect(Layers.layer(of: target) != nil, "\(target.name) is not in Tests/ArchitectureTests/Layers.swift")
        }
    }

    @Test func dependenciesPointDown() throws {
        for target in targets {
            for name in target.targets {
                let below = try #require(package.targets[name])
                #expect(
                    below.kind != "test" && !below.path.hasPrefix("Tests/"), "\(target.name) depends on tests: \(name)")
                guard let from = Layers.layer(of: target), let to = Layers.layer(of: below) else { continue }
                let isSideways = from == to && Layers.sideways[target.name]?.contains(name) == true
                #expect(
                    to < from || isSideways,
                    "\(target.name) (layer \(from)) depends on \(name) (layer \(to)); dependencies point down only")
            }
        }
    }

    @Test func componentsNeverKnowOneAnother() {
        for target in targets where Layers.layer(of: target) == 4 {
            for name in package.closure(of: target.name) where name != target.name {
                guard let other = package.targets[name] else { continue }
                #expect(Layers.layer(of: other) != 4, "\(target.name) reaches \(name)")
            }
        }
    }

    @Test func theCoreDependsOnNothing() throws {
        let core = try #require(package.targets["ElvesCore"])
        #expect(core.targets.isEmpty && core.products.isEmpty)
    }

    @Test func theAgentsSideReachesNoFoundation() throws {
        for name in Layers.withoutFoundation {
            for reached in package.closure(of: name) {
                let target = try #require(package.targets[reached], "no target \(reached)")
                let large = Set(target.products).subtracting(Layers.productsWithoutFoundation)
                #expect(large.isEmpty, "\(name) reaches \(large.sorted()) through \(reached)")
            }
        }
    }

    /// An exception that nobody needs any more would let the next one pass unseen.
    @Test func everySidewaysDependencyIsThere() throws {
        for (name, allowed) in Layers.sideways {
            let target = try #require(package.targets[name], "no target \(name)")
            #expect(allowed.isSubset(of: target.targets), "\(name) does not depend on all of \(allowed.sorted())")
        }
    }

    @Test func packageFoldersAreWhereTheTableSaysTheyAre() {
        for target in targets where target.kind == "executable" {
            let isApp = Layers.apps.contains(target.name)
            #expect(target.path == (isApp ? "apps/\(target.name)/Sources" : "Sources/Executables/\(target.name)"))
        }
    }
}

@Suite struct LayerRuleTests {
    /// The reader of dump-package itself, on a small description.
    @Test func dependenciesAreReadInAllTheirForms() throws {
        let package = try PackageDescription(
            json: [
                "targets": [
                    [
                        "name": "A", "type": "regular",
                        "dependencies": [
                            ["byName": ["B", nil]], ["target": ["C", nil]],
                            ["product": ["NIOCore", "swift-nio", nil, nil]],
                            ["byName": ["Yams", nil]],
                        ],
                    ],
                    ["name": "B", "type": "regular", "dependencies": [["byName": ["C", nil]]]],
                    ["name": "C", "type": "system", "path": "Sources/X"],
                ]
            ])
        #expect(package.targets["A"]?.targets == ["B", "C"])
        #expect(package.targets["A"]?.products == ["NIOCore", "Yams"])
        #expect(package.targets["C"]?.path == "Sources/X")
        #expect(package.closure(of: "A") == ["A", "B", "C"])
    }

    @Test func unknownTargetsHaveNoLayer() {
        let target = { (name: String, kind: String) in
            PackageDescription.Target(name: name, kind: kind, path: "", targets: [], products: [])
        }
        #expect(Layers.layer(of: target("Utils", "regular")) == nil)
        #expect(Layers.layer(of: target("CArchive", "system")) == 0)
        #expect(Layers.layer(of: target("CElvesProcess", "regular")) == 0)
        #expect(Layers.layer(of: target("StoragePostgreSQL", "regular")) == 3)
        #expect(Layers.layer(of: target("elves-agent", "executable")) == 6)
    }
}
