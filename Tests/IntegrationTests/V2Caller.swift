import Crypto
import ElvesClient
import Foundation
import Testing

/// A client of `/api/v2`, as ELVES 2.0's users have written theirs.
struct V2Caller: Sendable {
    enum Signature: String, Sendable {
        case md5 = "MD5"
        case hmac = "HMAC-SHA256"
    }

    let url: URL
    let id: String
    let secret: String
    var signature = Signature.hmac

    /// A call whose parameters stand in the query, or by POST in a form.
    ///
    /// - Parameter age: seconds since it was signed.
    func call(
        _ path: String, _ parameters: [String: String] = [:], by method: Call.Method = .get, age: Int = 0
    ) -> Call {
        var parameters = parameters
        parameters["auth_id"] = id
        parameters["timestamp"] = String(Int(Date().timeIntervalSince1970) - age)
        let pairs = parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
        parameters["sign"] = sign("\(path)?\(pairs)")
        parameters["sign_type"] = signature.rawValue
        let query = parameters.map { ($0.key, Optional($0.value)) }
        var call = Call(method, path.split(separator: "/").map(String.init), query: query, patience: .seconds(60))
        if method == .post {
            call.body = Array(call.query.utf8)
            call.contentType = "application/x-www-form-urlencoded"
            call.query = ""
        }
        return call
    }

    /// Sends a call and reads its envelope.
    func ask(
        _ path: String, _ parameters: [String: String] = [:], by method: Call.Method = .get, age: Int = 0
    ) async throws -> V2Answer {
        try await send(call(path, parameters, by: method, age: age))
    }

    /// Sends a call that was signed before.
    func send(_ call: Call) async throws -> V2Answer {
        try V2Answer(try await ElvesCenter(url: url, credentials: nil).exchange(call))
    }

    private func sign(_ text: String) -> String {
        let bytes: [UInt8] =
            switch signature {
            case .md5: Array(Insecure.MD5.hash(data: Data((text + secret).utf8)))
            case .hmac:
                Array(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: .init(data: Data(secret.utf8))))
            }
        return bytes.map { String(format: "%02x", $0) }.joined()
    }
}

/// An answer of `/api/v2`: HTTP 200, whatever it says.
struct V2Answer: Sendable, CustomStringConvertible {
    let json: JSONValue
    /// Why, beside a fixed error text.
    let reason: String?

    init(_ reply: HTTPReply) throws {
        #expect(reply.status == 200)
        #expect(reply.header("Content-Type") == "application/json")
        #expect(reply.header("Elves-Trace") != nil)
        json = try JSONDecoder().decode(JSONValue.self, from: Data(reply.body))
        reason = reply.header("Elves-Reason")
    }

    var result: JSONValue? { json["result"] }
    var description: String { json.text + (reason.map { " (\($0))" } ?? "") }

    /// Whether it is exactly the envelope of a failure with that text.
    func isError(_ text: String) -> Bool { json == ["flag": "false", "error": .string(text)] }
}

extension RunningCenter {
    /// A caller with a key; without one, with the key of credentials.json.
    func v2(_ key: KeyRecord? = nil, _ signature: V2Caller.Signature = .hmac) throws -> V2Caller {
        let own = try credentials()
        return V2Caller(
            url: try #require(URL(string: own["url"] ?? "")), id: key?.id ?? own["auth_id"] ?? "",
            secret: key.map { $0.secret ?? "" } ?? own["secret"] ?? "", signature: signature)
    }
}
