internal import Crypto
internal import ElvesCore

/// A package's files as they are stored, installed and signed: sorted, normalised, by digest.
package struct PackageTree: Hashable, Sendable {
    /// One file.
    package struct File: Hashable, Sendable {
        /// Relative to the app's folder, `/` between parts.
        package var path: String
        /// 0755 when anyone may execute it, else 0644.
        package var mode: Int32
        /// Bytes.
        package var size: Int64
        /// SHA-256 of the content, 32 bytes.
        package var digest: [UInt8]

        /// A file with everything said.
        package init(path: String, mode: Int32, size: Int64, digest: [UInt8]) {
            self.path = path
            self.mode = mode
            self.size = size
            self.digest = digest
        }
    }

    /// Sorted by path, bytewise.
    package let files: [File]
    /// SHA-256 of `listing`, 32 bytes.
    package let digest: [UInt8]

    /// The tree of `files`, in whatever order they come.
    package init(_ files: some Sequence<File>) {
        self.files = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        digest = Array(SHA256.hash(data: Self.listing(of: self.files)))
    }

    /// The bytes that the digest covers.
    ///
    /// A line `elves-tree-1`, then a line for each file: the mode as four octal digits, the size in
    /// decimal, the content's SHA-256 in lower-case hex, and the path, with single spaces between and
    /// a line feed after each. Paths hold no control characters, so a line is a file. Empty folders
    /// are not part of a tree.
    package var listing: [UInt8] { Self.listing(of: files) }

    /// Bytes of all files together.
    package var size: Int64 { files.reduce(0) { $0 + $1.size } }

    /// The file of that path.
    package func file(_ path: String) -> File? {
        files.first { $0.path == path }
    }

    private static func listing(of files: [File]) -> [UInt8] {
        var bytes = Array("elves-tree-1\n".utf8)
        for file in files {
            let mode = String(file.mode, radix: 8)
            let padded = String(repeating: "0", count: max(0, 4 - mode.count)) + mode
            bytes += "\(padded) \(file.size) \(Hex.encode(file.digest)) \(file.path)\n".utf8
        }
        return bytes
    }
}

/// How much a package may hold.
package struct PackageLimits: Sendable, Hashable {
    /// Bytes of the zip file.
    package var zipBytes: Int64 = 256 << 20
    /// Bytes of all files unpacked.
    package var totalBytes: Int64 = 1 << 30
    /// Bytes of one file unpacked.
    package var fileBytes: Int64 = 512 << 20
    /// Entries, folders among them.
    package var entries = 20_000
    /// Unpacked bytes for each byte of the zip file, once `ratioFrom` bytes are unpacked.
    package var ratio: Int64 = 200
    /// Unpacked bytes below which the ratio does not matter.
    package var ratioFrom: Int64 = 16 << 20
    /// Parts of a path.
    package var depth = 32
    /// Bytes of a path.
    package var pathBytes = 1_024
    /// Bytes of one part of a path.
    package var partBytes = 255
    /// Bytes of the tree's listing: what names and digests of all files come to in one message.
    package var listingBytes = 8 << 20
    /// Bytes of `app.yaml`.
    package var manifestBytes = 64 << 10

    /// The limits that the center keeps.
    package init() {}

    func check(_ tree: PackageTree) throws {
        guard tree.listing.count <= listingBytes else {
            throw ElvesError(
                .packageTooManyFiles, "the names of the files come to more than \(listingBytes >> 20) MiB",
                hint: "use fewer files or shorter paths")
        }
    }
}
