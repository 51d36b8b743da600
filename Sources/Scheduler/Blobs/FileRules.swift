import ElvesCore

/// What files that go with a call, or come back from it, must be like.
enum FileRules {
    static let count = 32
    /// Of one file, and of all together.
    static let bytes: Int64 = 64 << 20

    static func check(_ files: [TaskFile]) throws(ElvesError) {
        guard files.count <= count else {
            throw ElvesError(.schedulerRequestInvalid, "\(files.count) files; a call takes at most \(count)")
        }
        var names = Set<String>()
        var total: Int64 = 0
        for file in files {
            try check(file)
            guard names.insert(file.name).inserted else {
                throw ElvesError(.schedulerRequestInvalid, "two files are named \"\(file.name)\"")
            }
            total += file.size
        }
        guard total <= bytes else {
            throw ElvesError(
                .schedulerBlobTooLong, "the files have \(total) bytes together; a call takes at most \(bytes)")
        }
    }

    static func check(_ file: TaskFile) throws(ElvesError) {
        let name = file.name.utf8
        guard !name.isEmpty, name.count <= 255, file.name != ".", file.name != "..",
            !name.contains(where: { $0 == UInt8(ascii: "/") || $0 < 0x20 || $0 == 0x7F })
        else {
            throw ElvesError(
                .schedulerRequestInvalid,
                "a file cannot be named \"\(file.name.prefix(300))\"",
                hint: "A name has 1 to 255 bytes, no / and no control characters, and is neither . nor ..")
        }
        guard file.digest.count == 32 else {
            throw ElvesError(
                .schedulerRequestInvalid, "the digest of \(file.name) has \(file.digest.count) bytes; SHA-256 has 32")
        }
        guard file.mode & ~0o777 == 0 else {
            throw ElvesError(
                .schedulerRequestInvalid, "the mode of \(file.name) is \(String(file.mode, radix: 8)), in octal digits",
                hint: "Give permission bits only, such as 0644.")
        }
        guard file.size >= 0 else {
            throw ElvesError(.schedulerRequestInvalid, "\(file.name) has a size of \(file.size)")
        }
        guard file.size <= bytes else {
            throw ElvesError(
                .schedulerBlobTooLong, "\(file.name) has \(file.size) bytes; a file has at most \(bytes)")
        }
    }
}
