import ElvesCore
import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import OpenAPI

@Suite struct OpenAPIDocumentTests {
    @Test func everyRouteIsDescribedOnce() async throws {
        let edge = TestEdge()
        let routes = edge.service.routes()
        try await edge.withRouter { client async throws in
            let answer = try await client.ask(.get, "/openapi.json")
            let paths = try #require(answer.json["paths"]?.object)
            #expect(answer.json["openapi"] == "3.1.0")
            for route in routes {
                let operation = paths[route.path]?[route.method.rawValue.lowercased()]
                #expect(operation?["operationId"]?.string == route.description.id, "\(route.method) \(route.path)")
            }
            let described = paths.reduce(0) { $0 + ($1.value.object?.count ?? 0) }
            #expect(described == routes.count)
        }
        #expect(Set(routes.map(\.description.id)).count == routes.count, "operation ids are unique")
    }

    /// By asking: what the document names is served, and nothing else on the same paths.
    @Test func theRouterServesWhatTheDocumentNames() async throws {
        try await TestEdge().withRouter { client async throws in
            let paths = try #require(try await client.ask(.get, "/openapi.json").json["paths"]?.object)
            for (path, operations) in paths.map({ ($0.name, $0.value) }) {
                let filled = path.replacing(#/\{\w+\}/#, with: "x")
                for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete] {
                    let answer = try await client.ask(method, filled)
                    let isRefused = answer.status == 405 || answer.text.contains("\(filled) takes ")
                    let isNamed = operations[method.rawValue.lowercased()] != nil
                    #expect(answer.code != "openapi.route.unknown" && !answer.text.contains("no path "), "\(path)")
                    #expect(isRefused == !isNamed, "\(method) \(path): \(answer.text)")
                }
            }
        }
    }

    @Test func everyCallOfTheReferenceIsThere() throws {
        let reference = try String(contentsOf: Self.root.appending(path: "docs/reference/rest.md"), encoding: .utf8)
        let routes = TestEdge().service.routes()
        var found = 0
        for match in reference.matches(of: /`(GET|POST|DELETE) (\/[^`?]*)/) {
            let path = match.2.replacing("{id, ip or name}", with: "{ref}")
            found += 1
            #expect(
                routes.contains { $0.method.rawValue == match.1 && $0.path == path }, "\(match.1) \(path)")
        }
        #expect(found >= 20)
    }

    @Test func everySchemaThatIsNamedExists() throws {
        let text = OpenAPIDocument.make(TestEdge().service.routes(), version: "1").text()
        let names = Set(SchemaNames.all.map(\.name))
        for match in text.matches(of: /#\/components\/schemas\/(\w+)/) {
            #expect(names.contains(String(match.1)), "\(match.1)")
        }
        for route in TestEdge().service.routes() {
            for case let schema? in route.description.outcomes.map(\.schema) { #expect(names.contains(schema)) }
        }
    }

    /// `make python` installs the validator into .build/python; without it the test is skipped, visibly.
    @Test(.enabled(if: validator != nil, "openapi-spec-validator is not installed: make python"))
    func theOfficialValidatorAcceptsIt() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "elves-openapi-\(UUID()).json")
        defer { try? FileManager.default.removeItem(at: file) }
        let document = OpenAPIDocument.make(TestEdge().service.routes(), version: "1.0.0")
        try document.text().write(to: file, atomically: true, encoding: .utf8)
        let process = Process()
        let validator = try #require(Self.validator)
        process.executableURL = validator
        process.arguments = [file.path]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static let validator: URL? = {
        let file = root.appending(path: ".build/python/bin/openapi-spec-validator")
        return FileManager.default.isExecutableFile(atPath: file.path) ? file : nil
    }()
}
