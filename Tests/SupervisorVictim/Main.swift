import Foundation
import Supervisor

/// Pushes the zip files of a folder, in their order, and prints the name of each that is stored; a
/// test kills it in between. `supervisor-victim DATA ZIPS`
@main struct Main {
    static func main() async throws {
        let (data, zips) = (CommandLine.arguments[1], CommandLine.arguments[2])
        let service = try await SupervisorFolder(data).open(now: { 1 })
        for name in try FileManager.default.contentsOfDirectory(atPath: zips).sorted() {
            let zip = Array(try Data(contentsOf: URL(filePath: zips + "/" + name)))
            let upload = try await service.beginPush(filename: name, size: Int64(zip.count))
            try await service.pushChunk(upload, at: 0, zip)
            _ = try await service.finishPush(upload, by: "victim")
            FileHandle.standardOutput.write(Data((name + "\n").utf8))
        }
    }
}
