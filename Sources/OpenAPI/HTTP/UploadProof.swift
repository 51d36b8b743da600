import Crypto
import ElvesCore
import HTTPTypes
import Hummingbird
import NIOCore

/// Lets a body be handed on before it has come whole, once the key behind it is proven: a token proves it at once, and
/// so does a signature when the body's digest was said beforehand. Another signed body is held until its end, so it may
/// be no larger than any other.
struct UploadProof: Sendable {
    let authenticator: V3Authenticator
    let limits: EdgeLimits

    /// The body, once the key is proven.
    /// - Parameters:
    ///   - size: what Content-Length says; nil when the body comes in pieces of unknown number.
    ///   - promised: the SHA-256 that the request says the body will have.
    ///   - what: what is uploaded, for errors.
    func body(
        of request: Request, _ claim: V3Authenticator.Claim, size: Int64?, promised: [UInt8]?, what: String
    ) async throws -> RequestBody {
        guard case .signed(let signed) = claim else { return request.body }
        if let promised {
            _ = try authenticator.prove(signed, bodyDigest: promised)
            return request.body
        }
        if let size, size > limits.body { throw needsDigest("a signed \(what) of \(size) bytes") }
        let whole: ByteBuffer
        do {
            whole = try await request.wholeBody(upTo: limits.body)
        } catch let error as ElvesError where error.code == .openapiRequestTooLong {
            throw needsDigest("a longer signed \(what)")
        }
        _ = try authenticator.prove(signed, bodyDigest: Array(SHA256.hash(data: whole.readableBytesView)))
        return RequestBody(buffer: whole)
    }

    private func needsDigest(_ what: String) -> ElvesError {
        ElvesError(
            .openapiRequestDigestMissing,
            "\(what) needs a Content-Digest header; without one \(limits.body) are taken",
            details: ["limit": String(limits.body)])
    }
}

/// Cuts a body into chunks as it arrives.
struct BodyChunks: Sendable {
    /// Bytes of a chunk, but for the last.
    static let size = 1 << 20

    /// Hands the chunks on in order, one at a time: what comes meanwhile stays with the sender.
    /// - Returns: the SHA-256 and the length of all.
    static func send(
        _ body: RequestBody, atMost limit: Int, to take: (_ offset: Int64, _ bytes: [UInt8]) async throws -> Void
    ) async throws -> (digest: [UInt8], length: Int64) {
        var digest = SHA256()
        var pending = ByteBuffer()
        var offset: Int64 = 0
        for try await part in body {
            guard Int(offset) + pending.readableBytes + part.readableBytes <= limit else {
                throw Request.tooLong(limit)
            }
            digest.update(data: part.readableBytesView)
            pending.writeImmutableBuffer(part)
            while pending.readableBytes >= size, let bytes = pending.readBytes(length: size) {
                try await take(offset, bytes)
                offset += Int64(bytes.count)
            }
            pending.discardReadBytes()
        }
        if let bytes = pending.readBytes(length: pending.readableBytes), !bytes.isEmpty {
            try await take(offset, bytes)
            offset += Int64(bytes.count)
        }
        return (Array(digest.finalize()), offset)
    }
}
