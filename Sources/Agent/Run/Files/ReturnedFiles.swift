internal import ElvesContracts
internal import ElvesCore
internal import Glibc

/// What a worker has left in its output folder.
struct ReturnedFiles: Sendable {
    /// A file that can be sent.
    struct File: Sendable {
        var ref: FileRef
        var open: OpenFile
    }

    /// Sorted by name.
    private(set) var files: [File] = []
    /// Why something of it cannot be taken; empty when all can.
    private(set) var problems: [String] = []

    /// Looks at a folder; opens and digests its files.
    ///
    /// No link is followed and nothing but a regular file is opened for reading.
    init(in folder: String) {
        let names = Disk.names(in: folder)
        var bytes: Int64 = 0
        for name in names {
            guard let problem = problem(name, in: folder) else {
                bytes += Disk.size(folder + "/" + name) ?? 0
                continue
            }
            problems.append(problem)
        }
        let regular = names.filter { problem($0, in: folder) == nil }
        guard regular.count <= FileNames.count, bytes <= FileNames.bytes else {
            problems.append(
                "it left \(regular.count) files of \(bytes) bytes; at most \(FileNames.count) files of 64 MiB together are taken"
            )
            return
        }
        for name in regular {
            do throws(ElvesError) { files.append(try Self.file(name, in: folder)) } catch {
                problems.append("\(FileNames.quoted(name)): \(error.message)")
            }
        }
    }

    private static func file(_ name: String, in folder: String) throws(ElvesError) -> File {
        let open = try OpenFile(folder + "/" + name, O_RDONLY | O_NONBLOCK)
        var status = stat()
        guard fstat(open.descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw ElvesError(.agentFilesReturned, "it is no regular file any more")
        }
        var hash = SHA256()
        var size: Int64 = 0
        while true {
            let piece = try open.read(at: size, length: 1 << 20)
            if piece.isEmpty { break }
            hash.update(piece)
            size += Int64(piece.count)
        }
        let mode = Int32(status.st_mode & 0o777)
        return File(ref: FileRef(name: name, digest: hash.digest(), size: size, mode: mode), open: open)
    }

    private func problem(_ name: String, in folder: String) -> String? {
        if let problem = FileNames.problem(name) { return "it left " + problem }
        var status = stat()
        guard lstat(folder + "/" + name, &status) == 0 else {
            // A name that is no UTF-8 is read as another.
            return "it left \(FileNames.quoted(name)), whose name is no UTF-8"
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return nil
        case S_IFDIR:
            return "it left the folder \(FileNames.quoted(name)); only files right in ELVES_OUTPUT_DIR are taken"
        case S_IFLNK: return "it left the link \(FileNames.quoted(name)); links are not followed"
        default: return "it left \(FileNames.quoted(name)), which is no regular file"
        }
    }
}
