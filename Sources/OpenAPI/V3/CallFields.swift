import ElvesContracts
import ElvesCore

/// What tasks and batches are both asked with, beside app, function, targets and param.
struct CallFields: Sendable {
    /// Files of one call, at most.
    static let mostFiles = 32
    /// Bytes of all files of one call together.
    static let mostFileBytes: Int64 = 64 << 20

    /// Milliseconds within which the agent must be connected; 0: at once.
    let startByMs: Int64
    let retryRule: RetryRule?
    let labels: [String: String]
    private let files: [NamedFile]

    /// A file as a call names it; its size is the scheduler's to say.
    private struct NamedFile: Sendable {
        let name: String
        let digest: [UInt8]
        let mode: Int32?
    }

    init(_ fields: Fields) throws(ElvesError) {
        startByMs = try fields.milliseconds("start_by", zero: "at once") ?? 0
        labels = try fields.map("labels")
        retryRule = try fields.fields("retries", known: SchemaNames.members(of: "Retries")).map(Self.rule)
        var files: [NamedFile] = []
        let members = SchemaNames.members(of: "CallFile")
        for file in try fields.list("files", atMost: Self.mostFiles, known: members) {
            let named = try Self.file(file)
            guard !files.contains(where: { $0.name == named.name }) else {
                throw file.wrong("name", "two files are called \"\(named.name)\"")
            }
            files.append(named)
        }
        self.files = files
    }

    private static func rule(_ fields: Fields) throws(ElvesError) -> RetryRule {
        guard let attempts = try fields.int("attempts", in: 1...100) else {
            throw fields.wrong("attempts", "field \"retries.attempts\" is needed: how many attempts in all, 1 to 100")
        }
        let first = try fields.milliseconds("first_delay", zero: "too short") ?? 1000
        let longest = try fields.milliseconds("longest_delay", zero: "too short") ?? max(first, 60_000)
        guard first > 0, first <= longest, longest <= 86_400_000 else {
            throw fields.wrong(
                "first_delay", "retries wait seconds: first_delay above 0, longest_delay from it to 86400")
        }
        return RetryRule(attempts: Int32(attempts), firstDelayMs: first, longestDelayMs: longest)
    }

    private static func file(_ fields: Fields) throws(ElvesError) -> NamedFile {
        let name = try fields.required("name")
        guard isFileName(name) else {
            throw fields.wrong(
                "name", "\"\(name.prefix(80))\" is no file name: 1 to 255 bytes without \"/\" and control characters")
        }
        let text = try fields.required("digest")
        guard let digest = FileDigest.parse(text) else {
            throw fields.wrong("digest", "\"\(text.prefix(80))\" is not a SHA-256 of 64 hex digits")
        }
        return NamedFile(name: name, digest: digest, mode: try mode(fields))
    }

    private static func mode(_ fields: Fields) throws(ElvesError) -> Int32? {
        guard let text = try fields.text("mode") else { return nil }
        guard text.utf8.count <= 4, let mode = Int32(text, radix: 8), (0...0o777).contains(mode) else {
            throw fields.wrong("mode", "\"\(text.prefix(80))\" is no mode: octal digits such as \"0644\" or \"755\"")
        }
        return mode
    }

    private static func isFileName(_ name: String) -> Bool {
        (1...255).contains(name.utf8.count) && name != "." && name != ".."
            && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 < 0x20 || $0 == 0x7F }
    }

    /// The files with their sizes; refused when the center does not have one of them.
    func fileRefs(_ scheduler: any SchedulerPort, _ call: PortCall) async throws -> [FileRef]? {
        guard !files.isEmpty else { return nil }
        var refs: [FileRef] = []
        for file in files {
            do {
                let size = try await scheduler.blob(file.digest, call).size
                refs.append(FileRef(name: file.name, digest: file.digest, size: size, mode: file.mode))
            } catch let error as ElvesError where error.code == .schedulerBlobUnknown {
                throw ElvesError(
                    .schedulerBlobUnknown, "the center has no file \(Hex.encode(file.digest)), called \"\(file.name)\"",
                    hint: "upload it first: POST /api/v3/blobs", details: ["file": file.name])
            }
        }
        let total = refs.reduce(0) { $0 + $1.size }
        guard total <= Self.mostFileBytes else {
            throw ElvesError(
                .schedulerBlobTooLong, "the files have \(total) bytes together; a call takes \(Self.mostFileBytes)",
                details: ["limit": String(Self.mostFileBytes)])
        }
        return refs
    }
}

/// The SHA-256 of a file, as texts name it.
enum FileDigest {
    /// 32 bytes from 64 hex digits, in either case; nil for anything else.
    static func parse(_ text: String) -> [UInt8]? {
        guard text.utf8.count == 64 else { return nil }
        return Hex.decode(text)
    }
}
