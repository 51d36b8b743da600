import Foundation

/// A folder of its own for one test, deleted with it.
final class Scratch: Sendable {
    let folder: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "elves-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        folder = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ name: String) -> String { folder + "/" + name }

    @discardableResult
    func write(_ name: String, _ content: some Sequence<UInt8>) throws -> String {
        let url = URL(filePath: path(name))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(content).write(to: url)
        return url.path
    }

    /// Every file below a folder in it, relative.
    func files(below name: String = ".") -> [String] {
        let root = path(name)
        let all = FileManager.default.enumerator(atPath: root)?.allObjects as? [String] ?? []
        return all.filter { path in
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: root + "/" + path, isDirectory: &isFolder)
            return !isFolder.boolValue
        }.sorted()
    }
}

/// Polls until `condition` holds; false when it did not within ten seconds.
func eventually(_ condition: @Sendable () async throws -> Bool) async rethrows -> Bool {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(10)
    while clock.now < end {
        if try await condition() { return true }
        await Task.yield()
    }
    return false
}
