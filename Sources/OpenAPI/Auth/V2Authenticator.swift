import ElvesCore

/// Checks the signature of a `/api/v2` call, in the contract's order.
struct V2Authenticator: Sendable {
    let rules: SignatureRules

    /// The key that signed the call.
    func key(for parameters: V2Parameters, path: String) throws(ElvesError) -> KeyEntry {
        guard let id = parameters["auth_id"], let timestamp = parameters["timestamp"],
            let type = parameters["sign_type"], let sign = parameters["sign"]
        else {
            throw ElvesError(.openapiAuthMissing, "auth_id, timestamp, sign_type and sign are needed")
        }
        guard let type = SignType(rawValue: type.uppercased()) else {
            throw ElvesError(.openapiAuthSignType, "sign_type is MD5 or HMAC-SHA256, not \"\(type)\"")
        }
        guard sign.utf8.count == type.length else {
            throw ElvesError(.openapiAuthSignLength, "a sign of \(type.rawValue) has \(type.length) hex digits")
        }
        let signedAt = try rules.checkTime(timestamp)
        let key = try rules.key(id)
        try check(sign, type, of: parameters, path: path, with: key)
        try rules.useNonce(parameters["nonce"], of: key, signedAt: signedAt)
        return key
    }

    private enum SignType: String {
        case md5 = "MD5"
        case hmac = "HMAC-SHA256"

        var length: Int { self == .md5 ? 32 : 64 }
    }

    private func check(
        _ sign: String, _ type: SignType, of parameters: V2Parameters, path: String, with key: KeyEntry
    ) throws(ElvesError) {
        if type == .md5, !key.legacyMD5 {
            throw ElvesError(.openapiAuthLegacy, "key \"\(key.id)\" does not allow MD5; use HMAC-SHA256")
        }
        let isRight =
            switch (Hex.decode(sign), type) {
            case (nil, _): false
            case (let sign?, .md5): key.signsMD5(parameters.signedText(path: path, secret: key.secret), as: sign)
            case (let sign?, .hmac): key.signs(parameters.signedText(path: path), as: sign)
            }
        guard isRight else { throw ElvesError(.openapiAuthSignature) }
    }
}
