internal import Crypto
internal import Foundation

/// Signs calls with a key's secret, as `docs/reference/rest.md` says.
package struct RequestSigner: Sendable {
    /// The key's id.
    package let authID: String
    private let secret: String

    /// A signer for one key.
    package init(authID: String, secret: String) {
        self.authID = authID
        self.secret = secret
    }

    /// The value of the `Authorization` header.
    ///
    /// `timestamp` is Unix seconds.
    package func authorization(for call: Call, timestamp: Int64, nonce: String) -> String {
        let signature = signature(
            method: call.method.rawValue, path: call.path, query: call.query, timestamp: timestamp, nonce: nonce,
            body: call.body)
        return "ELVES-HMAC-SHA256 auth_id=\(authID), timestamp=\(timestamp), nonce=\(nonce), signature=\(signature)"
    }

    /// 64 hex digits.
    package func signature(
        method: String, path: String, query: String, timestamp: Int64, nonce: String, body: [UInt8]
    ) -> String {
        let lines = [method, path, query, String(timestamp), nonce, Self.hex(SHA256.hash(data: body))]
        let key = SymmetricKey(data: Array(secret.utf8))
        let text = lines.joined(separator: "\n")
        return Self.hex(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
    }

    /// RFC 9530's `Content-Digest`: lets the center check a signature before the body has come.
    package static func contentDigest(of body: [UInt8]) -> String {
        "sha-256=:\(Data(SHA256.hash(data: body)).base64EncodedString()):"
    }

    /// The SHA-256 as 64 hex digits, by which the center knows a content.
    package static func digest(of content: [UInt8]) -> String { hex(SHA256.hash(data: content)) }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
