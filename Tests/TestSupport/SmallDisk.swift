import Foundation

/// A file system of a few mebibytes at a path, gone with this value. Only root may mount one.
package final class SmallDisk: Sendable {
    /// Where it is mounted.
    package let path: String

    /// Whether this process may mount.
    package static let isPermitted: Bool = (try? SmallDisk(mebibytes: 1)) != nil

    /// Mounts one on a temporary folder of its own.
    package convenience init(mebibytes: Int) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "elves-disk-\(UUID().uuidString)")
        try self.init(at: path.path(percentEncoded: false), mebibytes: mebibytes)
    }

    /// Mounts one, on a folder that is made if it is not there.
    package init(at path: String, mebibytes: Int) throws {
        self.path = path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try Self.run("/bin/mount", "-t", "tmpfs", "-o", "size=\(mebibytes)m,mode=700", "tmpfs", path)
    }

    deinit {
        try? Self.run("/bin/umount", "-l", path)
        // The folder under the mount, which is empty.
        rmdir(path)
    }

    /// Takes all the room that is left.
    package func fill() throws {
        _ = FileManager.default.createFile(atPath: path + "/filler", contents: nil)
        let file = try FileHandle(forWritingTo: URL(filePath: path + "/filler"))
        for size in [65_536, 4_096, 1] {
            while (try? file.write(contentsOf: Data(count: size))) != nil {}
        }
        try file.close()
    }

    /// Gives the room back.
    package func empty() throws { try FileManager.default.removeItem(atPath: path + "/filler") }

    private static func run(_ program: String, _ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw NotYet(description: "\(program) \(arguments.joined(separator: " ")) failed")
        }
    }
}
