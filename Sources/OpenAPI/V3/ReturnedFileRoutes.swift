import ElvesContracts
import ElvesCore
import HTTPTypes
import Hummingbird
import NIOCore

/// `/api/v3/tasks/{id}/files/{name}`: a file that a worker returned.
struct ReturnedFileRoutes: Sendable {
    private static let chunk: Int32 = 1 << 20

    let scheduler: any SchedulerPort
    let access: Access
    let streams: Gate

    func routes(_ gateway: V3Gateway) -> [Route] {
        [gateway.route(.get, "/api/v3/tasks/{id}/files/{name}", Self.description, get)]
    }

    @Sendable private func get(_ call: V3Call) async throws -> Response {
        let task = try await scheduler.task(try call.id(), waitMs: 0, call.port)
        try await access.require(call.key, task: task, call.port)
        let name = call.part("name")
        let files = task.returned ?? []
        guard let file = files.first(where: { $0.name == name }) else { throw Self.unknown(name, files, task) }
        let place = try streams.place()
        let port = call.port
        // The first piece before the head: a content that is gone is an answer of its own.
        let first = try await piece(of: file, from: 0, port)
        let body = ResponseBody(contentLength: Int(file.size)) { body in
            defer { place.hold() }
            var bytes = first
            var offset: Int64 = 0
            while !bytes.isEmpty {
                offset += Int64(bytes.count)
                try await body.write(ByteBuffer(bytes: bytes))
                guard offset < file.size else { break }
                bytes = try await piece(of: file, from: offset, port)
            }
            guard offset == file.size else {
                throw ElvesError(.elvesInternal, "a returned file ended after \(offset) of \(file.size) bytes")
            }
            try await body.finish(nil)
        }
        let headers: HTTPFields = [
            .contentType: "application/octet-stream", .noSniff: "nosniff",
            .eTag: "\"\(Hex.encode(file.digest))\"", .contentDisposition: Self.disposition(name),
        ]
        return Response(status: .ok, headers: headers, body: body)
    }

    private func piece(of file: FileRef, from offset: Int64, _ call: PortCall) async throws -> [UInt8] {
        let length = Int32(min(Int64(Self.chunk), file.size - offset))
        guard length > 0 else { return [] }
        return try await scheduler.readBlob(file.digest, offset: offset, length: length, call)
    }

    private static func unknown(_ name: String, _ files: [FileRef], _ task: TaskRecord) -> ElvesError {
        let names = files.map(\.name)
        let near = Suggestion.phrase(for: name, in: names)
        let all = names.isEmpty ? "; it returned no file" : "; it returned: \(names.joined(separator: ", "))"
        return ElvesError(
            .schedulerBlobUnknown, "the task returned no file \"\(name.prefix(255))\"\(near.isEmpty ? all : near)",
            hint: StateName.isEnd(task.state)
                ? "the task's record names its files under `returned`"
                : "the task has not ended: its files come with its end")
    }

    /// RFC 6266, with the name as UTF-8 and an ASCII stand-in.
    private static func disposition(_ name: String) -> String {
        let plain = name.unicodeScalars.map { scalar in
            scalar.isASCII && scalar.value >= 0x20 && scalar != "\"" && scalar != "\\" ? Character(scalar) : "_"
        }
        var encoded = ""
        for byte in name.utf8 {
            let isPlain =
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || "-._~".utf8.contains(byte)
            encoded += isPlain ? String(UnicodeScalar(byte)) : "%" + Hex.encode([byte]).uppercased()
        }
        return "attachment; filename=\"\(String(plain))\"; filename*=UTF-8''\(encoded)"
    }
}
