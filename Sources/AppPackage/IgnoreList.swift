internal import ElvesCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// What stays behind when a folder becomes a package.
struct IgnoreList {
    private struct Pattern {
        let text: String
        let onlyFolders: Bool
        let wholePath: Bool
    }

    private let patterns: [Pattern]

    /// The folder's own `.elvesignore`, if it has one.
    init(folder: String) throws {
        let path = folder + "/.elvesignore"
        guard access(path, F_OK) == 0 else {
            patterns = []
            return
        }
        let source = try FileSource(path)
        var bytes: [UInt8] = []
        while let chunk = try source.next(), bytes.count < 64 << 10 { bytes += chunk }
        patterns = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).compactMap(Self.pattern)
    }

    private static func pattern(_ line: Substring) -> Pattern? {
        var text = line.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        guard let first = text.first, first != "#" else { return nil }
        let onlyFolders = text.last == "/"
        if onlyFolders { text.removeLast() }
        let wholePath = text.contains("/")
        if text.first == "/" { text.removeFirst() }
        return Pattern(text: String(text), onlyFolders: onlyFolders, wholePath: wholePath)
    }

    func covers(_ path: String, name: String, isFolder: Bool) -> Bool {
        if name.hasPrefix(".") || name == "__pycache__" || name.hasSuffix(".pyc") { return true }
        return patterns.contains { pattern in
            (isFolder || !pattern.onlyFolders)
                && fnmatch(pattern.text, pattern.wholePath ? path : name, FNM_PATHNAME) == 0
        }
    }
}
