import ElvesContracts
import ElvesCore
import HTTPTypes
import Hummingbird

/// `POST /api/v3/apps`: hands a package on to the supervisor as it arrives, in chunks of at most 1 MiB.
///
/// Nothing of a package goes to the supervisor before the key is proven: a token proves it at once, and so does
/// a signature when `Content-Digest` says beforehand what the body will hash to. A signed package without that
/// header is held here until its signature is proven, so it may be no larger than any other body.
struct PushRoute: Sendable {
    let supervisor: any SupervisorPort
    let authenticator: V3Authenticator
    let access: Access
    let catchUp: CatchUp
    let limits: EdgeLimits

    var route: Route {
        Route(method: .post, path: "/api/v3/apps", description: Self.description, handle: push)
    }

    @Sendable private func push(_ request: Request, _ context: EdgeContext) async throws -> Response {
        let claim = try authenticator.claim(of: request.head)
        try require(claim.key)
        let promised = try ContentDigest.sha256(of: request.headers)
        let query = try Query(request.uri.query, known: Self.description.query.map(\.name))
        guard let filename = query["filename"], !filename.contains("/") else {
            throw ElvesError(
                .openapiRequestQuery, "the query names no file: ?filename=NAME.zip",
                details: ["parameter": "filename"])
        }
        let size = try size(of: request)
        let body = try await UploadProof(authenticator: authenticator, limits: limits)
            .body(of: request, claim, size: size, promised: promised, what: "package")
        var call = PortCall(trace: (context.trace ?? Trace()).header, caller: claim.key.id, timeout: .seconds(60))
        let upload = try await supervisor.beginPush(PackageUpload(filename: filename, size: size), call)
        do {
            let (digest, length) = try await BodyChunks.send(body, atMost: limits.package) { offset, bytes in
                try await supervisor.pushChunk(upload, offset: offset, bytes: bytes, call)
            }
            guard length == size else {
                throw ElvesError(.openapiRequestMalformed, "the body ended after \(length) of \(size) bytes")
            }
            guard promised == nil || promised == digest else {
                throw ElvesError(
                    .openapiRequestDigestWrong,
                    "the package has the SHA-256 \(Hex.encode(digest)), not the promised one")
            }
            call.timeout = .seconds(300)
            return await answer(try await supervisor.finishPush(upload, call))
        } catch {
            // Also for a caller who hung up, whose task is cancelled.
            _ = await Task { [call] in try? await supervisor.abortPush(upload, call) }.value
            throw error
        }
    }

    private func require(_ key: KeyEntry) throws(ElvesError) {
        try access.requireAppAdmin(key)
        guard key.scope.apps.isEmpty else {
            throw ElvesError(
                .openapiAuthDenied, "key \"\(key.id)\" is limited to apps, and a package names its app only inside",
                hint: "push with an admin key without a list of apps")
        }
    }

    private func size(of request: Request) throws(ElvesError) -> Int64 {
        guard let size = request.headers[.contentLength].flatMap({ Int($0) }) else {
            throw ElvesError(.openapiRequestMalformed, "a push needs a Content-Length header")
        }
        guard size <= limits.package else {
            throw ElvesError(
                .openapiRequestTooLong, "the package is \(size) bytes long; the limit is \(limits.package)",
                details: ["limit": String(limits.package)])
        }
        return Int64(size)
    }

    private func answer(_ pushed: PushResult) async -> Response {
        let version = pushed.version
        if pushed.activated {
            await catchUp.until { catalog, _ in catalog[version.app]?.liveVersion == version.version }
        }
        let path = "/api/v3/apps/\(version.app)"
        return Answer.json(.created, headers: [.location: path]) { json in
            json.object { json in
                json.member("app", version.app)
                json.member("version", version.version)
                json.member("digest", Hex.encode(version.tree.digest))
                json.member("files", version.tree.files.count)
                json.member("activated", pushed.activated)
            }
        }
    }
}
