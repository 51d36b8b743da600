package import ElvesContracts
package import ElvesCore

extension DesiredApp {
    /// Refuses what must not reach the disk, whoever sent it: the agent trusts no list of paths.
    package func check() throws(ElvesError) {
        guard Self.isName(manifest.name) else { throw invalid("the app's name") }
        guard Self.isName(manifest.version) else { throw invalid("the version") }
        var seen: Set<String> = []
        for file in tree.files {
            guard Self.isPath(file.path), seen.insert(file.path).inserted else {
                throw invalid("the path \(file.path)")
            }
            guard file.digest.count == 32, file.size >= 0 else { throw invalid("the entry of \(file.path)") }
        }
        for file in tree.files {
            var parts = file.path.split(separator: "/")
            while parts.popLast() != nil {
                guard !seen.contains(parts.joined(separator: "/")) else {
                    throw invalid("\(file.path), which lies inside a file,")
                }
            }
        }
        guard tree.digest == SHA256.digest(of: tree.listing) else { throw invalid("the digest of the tree") }
    }

    private func invalid(_ what: String) -> ElvesError {
        ElvesError(.agentTreeInvalid, "\(what) of the package \(manifest.name) \(manifest.version) is not acceptable")
    }

    /// Letters, digits, `.`, `_`, `+`, `-`, none of the dot names.
    static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 128 && name.first != "."
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "._+-".utf8.contains(byte)
                }
            }
    }

    /// Relative, nothing that leaves the folder, nothing a shell or a terminal stumbles over.
    static func isPath(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return path.utf8.count <= 1024 && path.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
            && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && $0.utf8.count <= 255 }
    }
}

extension Tree {
    /// The bytes that the tree's digest covers: a line `elves-tree-1`, then for each file its mode as four octal
    /// digits, its size, its SHA-256 in hex and its path.
    package var listing: [UInt8] {
        var bytes = Array("elves-tree-1\n".utf8)
        for file in files {
            let mode = String(file.mode, radix: 8)
            let padded = String(repeating: "0", count: max(0, 4 - mode.count)) + mode
            bytes += "\(padded) \(file.size) \(Hex.encode(file.digest)) \(file.path)\n".utf8
        }
        return bytes
    }
}
