internal import ElvesCore

/// Takes the paths of a package one after the other and refuses what could leave it, or what two
/// file systems would understand differently.
struct PathRules {
    /// What a path names.
    enum Kind { case file, folder }

    private let limits: PackageLimits
    /// Everything seen: the path folded to lower case, to how it was written and what it is.
    private var seen: [String: (path: String, kind: Kind, listed: Bool)] = [:]

    init(_ limits: PackageLimits) { self.limits = limits }

    /// The canonical form of an entry's path; nil for the root folder itself.
    mutating func admit(_ raw: String, _ kind: Kind) throws -> String? {
        let parts = try parts(of: raw, kind)
        guard !parts.isEmpty else { return nil }
        for count in 1..<max(1, parts.count) {
            try register(parts.prefix(count).joined(separator: "/"), .folder, listed: false, for: raw)
        }
        let path = parts.joined(separator: "/")
        try register(path, kind, listed: true, for: raw)
        return path
    }

    private func parts(of raw: String, _ kind: Kind) throws -> [Substring] {
        let shown = Self.shown(raw)
        guard raw.utf8.count <= limits.pathBytes else {
            throw ElvesError(
                .packagePathTooLong, "the path \(shown) has \(raw.utf8.count) bytes, more than \(limits.pathBytes)")
        }
        guard !raw.unicodeScalars.contains(where: Self.isForbidden) else {
            throw ElvesError(
                .packagePathInvalid, "the path \(shown) holds a control character or a backslash",
                hint: "rename the file: use / between folders and printable characters")
        }
        let windowsDrive = raw.utf8.count >= 2 && raw.utf8.dropFirst().first == UInt8(ascii: ":")
        guard !raw.hasPrefix("/"), !windowsDrive else {
            throw ElvesError(.packagePathAbsolute, "the path \(shown) is absolute")
        }
        var parts = raw.split(separator: "/", omittingEmptySubsequences: false)
        if kind == .folder, parts.last == "" { parts.removeLast() }
        if parts.first == "." { parts.removeFirst() }
        guard !parts.contains("..") else {
            throw ElvesError(.packagePathEscape, "the path \(shown) leads out of the package")
        }
        guard !parts.contains(where: { $0.isEmpty || $0 == "." }), kind == .folder || !parts.isEmpty else {
            throw ElvesError(.packagePathInvalid, "the path \(shown) has an empty part or \".\" in it")
        }
        if let long = parts.first(where: { $0.utf8.count > limits.partBytes }) {
            throw ElvesError(
                .packagePathTooLong, "\(Self.shown(String(long))) has more than \(limits.partBytes) bytes")
        }
        guard parts.count <= limits.depth else {
            throw ElvesError(
                .packagePathTooLong, "the path \(shown) is \(parts.count) folders deep, more than \(limits.depth)",
                hint: "flatten the package")
        }
        return parts
    }

    private mutating func register(_ path: String, _ kind: Kind, listed: Bool, for raw: String) throws {
        // Strings are equal when they are canonically equivalent, so this also finds names that
        // differ only in their Unicode form.
        let key = path.lowercased()
        guard let known = seen[key] else {
            seen[key] = (path, kind, listed)
            return
        }
        guard known.path.utf8.elementsEqual(path.utf8) else {
            throw ElvesError(
                .packageCaseClash,
                "\(Self.shown(path)) and \(Self.shown(known.path)) differ only in case or Unicode form")
        }
        guard known.kind == kind else {
            throw ElvesError(.packagePathClash, "\(Self.shown(path)) is a file, and a folder for another entry")
        }
        guard !(listed && known.listed && kind == .file) else {
            throw ElvesError(.packagePathRepeated, "\(Self.shown(raw)) is in the package twice")
        }
        seen[key] = (path, kind, known.listed || listed)
    }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x5C, 0xFEFF, 0xFFFD: true
        default: false
        }
    }

    /// The path in quotes, shortened, with control characters replaced.
    static func shown(_ path: String) -> String {
        var text = ""
        for scalar in path.unicodeScalars.prefix(120) {
            text += isForbidden(scalar) && scalar != "\\" ? "?" : String(scalar)
        }
        return "\"" + text + (path.unicodeScalars.count > 120 ? "…" : "") + "\""
    }
}
