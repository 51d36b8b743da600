/// What is wrong with a pushed package; nothing of it is stored.
extension ErrorCode {
    /// Not a zip file.
    package static let packageNotZip = ErrorCode(
        "package.notZip", "Not a zip file", 400, .caller,
        hint: "Push a folder with an app.yaml, or a zip of one.")
    /// A damaged zip file.
    package static let packageDamaged = ErrorCode(
        "package.damaged", "A damaged zip file", 400, .caller,
        hint: "Make the zip again; it was cut short or changed.")
    /// An encrypted zip file.
    package static let packageEncrypted = ErrorCode(
        "package.encrypted", "An encrypted zip file", 400, .caller,
        hint: "Make the zip without a password.")
    /// A package without files.
    package static let packageEmpty = ErrorCode(
        "package.empty", "A package without files", 400, .caller,
        hint: "Put the app's files at the root of the zip.")
    /// A package over the size limit.
    package static let packageTooLong = ErrorCode(
        "package.tooLong", "A package over the size limit", 413, .caller,
        hint: "A zip holds at most 256 MiB; leave out what the app can fetch.")
    /// A package that unpacks to too much.
    package static let packageBomb = ErrorCode(
        "package.bomb", "A package that unpacks to too much", 413, .caller,
        hint: "Unpacked files must stay within the limits of size and ratio that the message names.")
    /// A package of too many files.
    package static let packageTooManyFiles = ErrorCode(
        "package.tooManyFiles", "A package of too many files", 413, .caller,
        hint: "Leave out what the app does not need.")
    /// A path that leaves the package.
    package static let packagePathEscape = ErrorCode(
        "package.path.escape", "A path that leaves the package", 400, .caller,
        hint: "Use paths below the root of the zip, without \"..\".")
    /// An absolute path.
    package static let packagePathAbsolute = ErrorCode(
        "package.path.absolute", "An absolute path", 400, .caller,
        hint: "Use paths relative to the root of the zip.")
    /// A path that cannot be used.
    package static let packagePathInvalid = ErrorCode(
        "package.path.invalid", "A path that cannot be used", 400, .caller,
        hint: "Use UTF-8 paths without control characters, backslashes and empty parts.")
    /// A path that is too long.
    package static let packagePathTooLong = ErrorCode(
        "package.path.tooLong", "A path that is too long", 400, .caller,
        hint: "Use shorter names: a part has at most 255 bytes, a path 1024.")
    /// Two entries of one path.
    package static let packagePathRepeated = ErrorCode(
        "package.path.repeated", "Two entries of one path", 400, .caller,
        hint: "Make the zip again with each file once.")
    /// A file where a folder is needed.
    package static let packagePathClash = ErrorCode(
        "package.path.clash", "A file where a folder is needed", 400, .caller,
        hint: "Rename the file or the folder.")
    /// Paths that differ only in case.
    package static let packageCaseClash = ErrorCode(
        "package.caseClash", "Paths that differ only in case", 400, .caller,
        hint: "Rename one: some file systems cannot tell them apart.")
    /// A link that leads out of the package.
    package static let packageLinkEscape = ErrorCode(
        "package.link.escape", "A link that leads out of the package", 400, .caller,
        hint: "Replace the link by the file that it leads to.")
    /// A link.
    package static let packageLinkUnsupported = ErrorCode(
        "package.link.unsupported", "A link", 400, .caller,
        hint: "Replace the link by the file that it leads to.")
    /// An entry that is neither file nor folder.
    package static let packageSpecial = ErrorCode(
        "package.special", "An entry that is neither file nor folder", 400, .caller,
        hint: "Leave out devices, pipes and sockets.")
    /// A file name that names no app.
    package static let packageFilename = ErrorCode(
        "package.filename", "A file name that names no app", 400, .caller,
        hint: "Without app.yaml the zip must be called APP_VERSION.zip.")
    /// No app.yaml.
    package static let packageManifestMissing = ErrorCode(
        "package.manifest.missing", "No app.yaml", 400, .caller,
        hint: "Add app.yaml at the root: elves app new shows one.")
    /// An app.yaml that cannot be read.
    package static let packageManifestSyntax = ErrorCode(
        "package.manifest.syntax", "An app.yaml that cannot be read", 400, .caller,
        hint: "Correct the YAML at the named line.")
    /// An app.yaml with a wrong field.
    package static let packageManifestField = ErrorCode(
        "package.manifest.field", "An app.yaml with a wrong field", 400, .caller,
        hint: "Correct the named field: elves app lint FOLDER.")
    /// A parameter schema that is not supported.
    package static let packageManifestSchema = ErrorCode(
        "package.manifest.schema", "A parameter schema that is not supported", 400, .caller,
        hint: "Use the subset of JSON Schema that the app guide names.")
    /// An app.yaml that is too long.
    package static let packageManifestTooLong = ErrorCode(
        "package.manifest.tooLong", "An app.yaml that is too long", 413, .caller,
        hint: "Keep it under the limit that the message names.")
    /// The file name and app.yaml disagree.
    package static let packageManifestMismatch = ErrorCode(
        "package.manifest.mismatch", "The file name and app.yaml disagree", 400, .caller,
        hint: "Rename the zip, or correct name and version in app.yaml.")
    /// A name that no app can have.
    package static let packageName = ErrorCode(
        "package.name", "A name that no app can have", 400, .caller,
        hint: "Use 1 to 64 letters, digits, - and _, a letter or digit first.")
    /// A version that cannot be used.
    package static let packageVersion = ErrorCode(
        "package.version", "A version that cannot be used", 400, .caller,
        hint: "Use 1 to 64 letters, digits, '.', - , + and _, such as 1.0.0.")
    /// The worker's entry is not in the package.
    package static let packageEntryMissing = ErrorCode(
        "package.entry.missing", "The worker's entry is not in the package", 400, .caller,
        hint: "Correct entry in app.yaml, or add the file.")
    /// The worker's entry is not executable.
    package static let packageEntryNotExecutable = ErrorCode(
        "package.entry.notExecutable", "The worker's entry is not executable", 400, .caller,
        hint: "Set its bit, chmod +x FILE, or name an interpreter in entry.")

    static let packages: [ErrorCode] = [
        packageNotZip, packageDamaged, packageEncrypted, packageEmpty, packageTooLong, packageBomb,
        packageTooManyFiles, packagePathEscape, packagePathAbsolute, packagePathInvalid, packagePathTooLong,
        packagePathRepeated, packagePathClash, packageCaseClash, packageLinkEscape, packageLinkUnsupported,
        packageSpecial, packageFilename, packageManifestMissing, packageManifestSyntax, packageManifestField,
        packageManifestSchema, packageManifestTooLong, packageManifestMismatch, packageName, packageVersion,
        packageEntryMissing, packageEntryNotExecutable,
    ]
}
