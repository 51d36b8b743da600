import ElvesContracts
import ElvesCore
import HTTPTypes
import Hummingbird

/// `/api/v3/blobs`: files that go with calls, named by their content.
///
/// A body goes on to the scheduler as it arrives, in chunks of 1 MiB. Whoever may call something may upload, and may ask
/// whether a content is there; nobody gets content back here: a digest is no right to read.
struct BlobRoutes: Sendable {
    let scheduler: any SchedulerPort
    let authenticator: V3Authenticator
    let uploads: Gate
    let limits: EdgeLimits

    func routes(_ gateway: V3Gateway) -> [Route] {
        [
            Route(method: .post, path: "/api/v3/blobs", description: Self.uploadDescription, handle: upload),
            gateway.route(.get, "/api/v3/blobs/{digest}", Self.getDescription, get),
        ]
    }

    @Sendable private func get(_ call: V3Call) async throws -> Response {
        let text = call.part("digest")
        guard let digest = FileDigest.parse(text) else {
            throw ElvesError(
                .openapiRequestMalformed, "\"\(text.prefix(80))\" is not a SHA-256 of 64 hex digits")
        }
        let blob = try await scheduler.blob(digest, call.port)
        return Answer.json { $0.blob(blob) }
    }

    @Sendable private func upload(_ request: Request, _ context: EdgeContext) async throws -> Response {
        let claim = try authenticator.claim(of: request.head)
        let query = try Query(request.uri.query, known: Self.uploadDescription.query.map(\.name))
        let promised = try promised(request, query)
        let size = try size(of: request)
        try uploads.enter()
        defer { uploads.leave() }
        let body = try await UploadProof(authenticator: authenticator, limits: limits)
            .body(of: request, claim, size: size, promised: promised, what: "file")
        let call = PortCall(trace: (context.trace ?? Trace()).header, caller: claim.key.id, timeout: .seconds(60))
        // -1: the body comes in pieces, and its length is known at its end only.
        let upload = try await scheduler.beginBlob(size: size ?? -1, call)
        do {
            try await send(body, as: upload, size: size, promised: promised, call)
            let blob = try await scheduler.finishBlob(upload, call)
            let path = "/api/v3/blobs/\(Hex.encode(blob.digest))"
            return Answer.json(.created, headers: [.location: path]) { $0.blob(blob) }
        } catch {
            // Also for a caller who hung up, whose task is cancelled.
            _ = await Task { try? await scheduler.abortBlob(upload, call) }.value
            throw error
        }
    }

    private func send(
        _ body: RequestBody, as upload: String, size: Int64?, promised: [UInt8]?, _ call: PortCall
    ) async throws {
        let sent: (digest: [UInt8], length: Int64)
        do {
            sent = try await BodyChunks.send(body, atMost: limits.blob) { offset, bytes in
                try await scheduler.blobChunk(upload, offset: offset, bytes: bytes, call)
            }
        } catch let error as ElvesError where error.code == .openapiRequestTooLong {
            throw tooLong("longer than \(limits.blob) bytes")
        }
        if let size, sent.length != size {
            throw ElvesError(.openapiRequestMalformed, "the body ended after \(sent.length) of \(size) bytes")
        }
        guard promised == nil || promised == sent.digest else {
            throw ElvesError(
                .openapiRequestDigestWrong, "the file has the SHA-256 \(Hex.encode(sent.digest)), not the promised one")
        }
    }

    /// What the request says that the body will hash to: in its header, or in its query for those who sign by hand.
    private func promised(_ request: Request, _ query: Query) throws(ElvesError) -> [UInt8]? {
        let header = try ContentDigest.sha256(of: request.headers)
        guard let text = query["digest"] else { return header }
        guard let digest = FileDigest.parse(text) else {
            throw Query.wrong("digest", "digest is a SHA-256 of 64 hex digits, not \"\(text.prefix(80))\"")
        }
        guard header == nil || header == digest else {
            throw Query.wrong("digest", "digest and Content-Digest name different contents")
        }
        return digest
    }

    /// What Content-Length says; nil when there is none and the body comes chunked.
    private func size(of request: Request) throws(ElvesError) -> Int64? {
        guard let text = request.headers[.contentLength] else {
            return request.headers.contains(.transferEncoding) ? nil : 0
        }
        guard let size = Int64(text), size >= 0 else {
            throw ElvesError(.openapiRequestMalformed, "Content-Length is a number of bytes, not \"\(text)\"")
        }
        guard size <= limits.blob else { throw tooLong("\(size) bytes long") }
        return size
    }

    private func tooLong(_ found: String) -> ElvesError {
        ElvesError(
            .schedulerBlobTooLong, "the file is \(found); the limit is \(limits.blob)",
            details: ["limit": String(limits.blob)])
    }
}

extension JSONBuffer {
    mutating func blob(_ blob: BlobInfo) {
        object { json in
            json.member("digest", Hex.encode(blob.digest))
            json.member("size", blob.size)
        }
    }
}
