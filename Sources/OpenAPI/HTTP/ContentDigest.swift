import ElvesCore
import HTTPTypes

/// The `Content-Digest` header (RFC 9530): what the body will hash to, said before it.
enum ContentDigest {
    /// The SHA-256 that the header promises, 32 bytes; nil without a header, or when it has only other algorithms.
    static func sha256(of headers: HTTPFields) throws(ElvesError) -> [UInt8]? {
        guard let text = headers[.contentDigest] else { return nil }
        for member in text.split(separator: ",") {
            let member = trimmed(member)
            guard member.lowercased().hasPrefix("sha-256=") else { continue }
            let value = member.dropFirst("sha-256=".count)
            guard value.hasPrefix(":"), value.hasSuffix(":"), value.utf8.count > 2,
                let digest = Base64.decode(value.dropFirst().dropLast()), digest.count == 32
            else {
                throw ElvesError(
                    .openapiRequestDigestWrong, "Content-Digest is not sha-256=:BASE64: of 32 bytes")
            }
            return digest
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
