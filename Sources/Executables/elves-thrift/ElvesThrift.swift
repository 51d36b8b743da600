import ArgumentParser
import Foundation
import ThriftGenerator

/// Makes Swift of Thrift IDL.
@main
struct ElvesThrift: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "elves-thrift",
        abstract: "Makes Swift of Thrift IDL that `thrift --gen xml:merge` has parsed.")

    @Option(name: .long, help: "A file that `thrift --gen xml:merge` wrote. May be given more than once.")
    var xml: [String]

    @Option(name: .long, help: "Folder for the Swift files; made if it is not there.")
    var out: String

    @Option(name: .long, help: "Module of the runtime, which the files import. Left out: they are part of it.")
    var moduleImport: String?

    @Option(name: .long, help: "An IDL file, by name, whose methods need no (roles = …): nobody may call them.")
    var withoutRoles: [String] = []

    func run() throws {
        let documents = try xml.flatMap { path in
            try DocumentReader.documents(fromXML: String(contentsOfFile: path, encoding: .utf8))
        }
        let options = SwiftGenerator.Options(moduleImport: moduleImport, documentsWithoutRoles: Set(withoutRoles))
        let files = try SwiftGenerator(options: options).files(for: documents)
        let folder = URL(filePath: out)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for file in files {
            try file.text.write(to: folder.appending(path: file.name), atomically: true, encoding: .utf8)
        }
    }
}
