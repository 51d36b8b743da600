import ElvesCore
import HTTPTypes

/// Finds out which key a `/api/v3` call was made with.
struct V3Authenticator: Sendable {
    static let scheme = "ELVES-HMAC-SHA256"

    let rules: SignatureRules

    /// A key that is proven, or a signature that waits for the body's digest.
    enum Claim: Sendable {
        case proven(KeyEntry)
        case signed(SignedRequest)

        /// The key that is proven or claimed.
        var key: KeyEntry {
            switch self {
            case .proven(let key): key
            case .signed(let request): request.key
            }
        }
    }

    /// A signature whose key and time are good; the body decides the rest.
    struct SignedRequest: Sendable {
        let key: KeyEntry
        /// The signed lines before the body's digest.
        let prefix: String
        let nonce: String
        /// UTC milliseconds.
        let signedAt: Int64
        let signature: [UInt8]
    }

    /// What the request's header claims; a bearer token is proven by it alone.
    func claim(of head: HTTPRequest) throws(ElvesError) -> Claim {
        guard let header = head.headerFields[.authorization] else {
            throw ElvesError(.openapiAuthMissing, "the request has no Authorization header")
        }
        let parts = header.utf8.split(separator: UInt8(ascii: " "), maxSplits: 1)
        switch (parts.first.map { Substring($0).lowercased() }, parts.count) {
        case ("bearer", 2):
            guard let key = try rules.ring().key(token: String(Substring(parts[1].drop { $0 == UInt8(ascii: " ") })))
            else {
                throw ElvesError(.openapiAuthToken)
            }
            guard !key.requireNonce else {
                throw ElvesError(.openapiAuthNonceMissing, "key \"\(key.id)\" takes only signed calls with a nonce")
            }
            return .proven(key)
        case (Self.scheme.lowercased(), 2):
            return .signed(try signed(parts[1], head: head))
        default:
            throw ElvesError(
                .openapiAuthMalformed, "Authorization is neither \"Bearer TOKEN\" nor \"\(Self.scheme) auth_id=…\"")
        }
    }

    /// The key, once the digest of the whole body is known. A nonce is used up only by a right signature.
    func prove(_ request: SignedRequest, bodyDigest: [UInt8]) throws(ElvesError) -> KeyEntry {
        guard request.key.signs(request.prefix + Hex.encode(bodyDigest), as: request.signature) else {
            throw ElvesError(.openapiAuthSignature)
        }
        try rules.useNonce(request.nonce, of: request.key, signedAt: request.signedAt)
        return request.key
    }

    private func signed(_ text: Substring.UTF8View, head: HTTPRequest) throws(ElvesError) -> SignedRequest {
        let fields = try SignatureFields(text)
        guard let id = fields.authID, let timestamp = fields.timestamp, let hex = fields.signature else {
            throw ElvesError(.openapiAuthMalformed, "auth_id, timestamp and signature are needed")
        }
        guard let signature = Hex.decode(hex), signature.count == 32 else {
            throw ElvesError(.openapiAuthSignLength, "a signature has 64 hex digits")
        }
        let signedAt = try rules.checkTime(timestamp)
        let key = try rules.key(id)
        let target = head.path ?? "/"
        let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        let query = Substring(target.utf8[mark...].dropFirst())
        let nonce = fields.nonce ?? ""
        let prefix = "\(head.method.rawValue)\n\(target[..<mark])\n\(query)\n\(timestamp)\n\(nonce)\n"
        return SignedRequest(key: key, prefix: prefix, nonce: nonce, signedAt: signedAt, signature: signature)
    }
}

/// The `name=value` pairs of a signature's header, between commas; a value may be in quotes. Of a repeated name the
/// last counts; names that are not known are passed over.
private struct SignatureFields {
    var authID: String?
    var timestamp: String?
    var nonce: String?
    var signature: String?

    init(_ text: Substring.UTF8View) throws(ElvesError) {
        for field in text.split(separator: UInt8(ascii: ",")) {
            guard let equals = field.firstIndex(of: UInt8(ascii: "=")) else {
                throw ElvesError(
                    .openapiAuthMalformed, "\"\(Substring(field))\" in Authorization is not name=value")
            }
            let value = V3Authenticator.trim(field[field.index(after: equals)...])
            switch V3Authenticator.trim(field[..<equals]) {
            case "auth_id": authID = value
            case "timestamp": timestamp = value
            case "nonce": nonce = value
            case "signature": signature = value
            default: break
            }
        }
    }
}

extension V3Authenticator {
    /// Without the spaces around it and the quotes around the rest.
    fileprivate static func trim(_ text: Substring.UTF8View) -> String {
        var text = text
        while text.first == UInt8(ascii: " ") { text.removeFirst() }
        while text.last == UInt8(ascii: " ") { text.removeLast() }
        let quote = UInt8(ascii: "\"")
        if text.count >= 2, text.first == quote, text.last == quote { text = text.dropFirst().dropLast() }
        return String(Substring(text))
    }
}
