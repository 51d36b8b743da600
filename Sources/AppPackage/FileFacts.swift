internal import ElvesCore
internal import SystemPackage

/// What the file system says of one path, links not followed.
struct FileFacts {
    enum Kind { case file, folder, link, special }
    let kind: Kind
    let size: Int64
    let isExecutable: Bool

    init(_ path: String) throws {
        let facts: Stat
        do { facts = try Stat(FilePath(path), followTargetSymlink: false) } catch {
            throw ElvesError(.packageDamaged, "cannot read \(path): \(error)")
        }
        kind =
            switch facts.type {
            case .regular: .file
            case .directory: .folder
            case .symbolicLink: .link
            default: .special
            }
        size = facts.size
        isExecutable = facts.permissions.rawValue & 0o111 != 0
    }
}
