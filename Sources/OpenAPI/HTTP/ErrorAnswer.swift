import ElvesCore
import HTTPTypes
import Hummingbird
import NIOCore

/// An error, ready to be sent.
struct ErrorAnswer {
    let status: HTTPResponse.Status
    let headers: HTTPFields
    let body: ByteBuffer

    /// The error as `/api/v3`, and everything outside `/api/v2`, tells it: an RFC 9457 problem document.
    init(problem error: ElvesError, trace: Trace) {
        var json = JSONBuffer()
        json.problem(error, trace: trace)
        var headers: HTTPFields = [.contentType: "application/problem+json"]
        switch error.code.status {
        case 401: headers[.wwwAuthenticate] = "Bearer, \(V3Authenticator.scheme)"
        case 405: headers[.allow] = error.details["allow"]
        case 429, 503: headers[.retryAfter] = "1"
        default: break
        }
        status = HTTPResponse.Status(code: error.code.status)
        self.headers = headers
        body = json.bytes
    }

    /// The error as `/api/v2` tells it: HTTP 200, flag "false", `[CODE]Text` with the reason behind it. Clients
    /// compare the texts of 410.x: there the reason goes into a header.
    init(envelope error: ElvesError) {
        let reason = error.message == error.code.title ? "" : error.message
        let code = error.code.elves2
        if code.code.hasPrefix("410.") {
            self.init(envelope: code.envelope, reason: reason)
        } else {
            self.init(envelope: code.envelope(detail: reason), reason: "")
        }
    }

    /// The whole `error` of an envelope; the reason goes into `Elves-Reason`.
    init(envelope text: String, reason: String) {
        var json = JSONBuffer()
        json.object { json in
            json.member("flag", "false")
            json.member("error", text)
        }
        var headers: HTTPFields = [.contentType: "application/json"]
        if !reason.isEmpty { headers[.elvesReason] = HeaderText.encode(reason) }
        status = .ok
        self.headers = headers
        body = json.bytes
    }

    var response: Response {
        Response(status: status, headers: headers, body: ResponseBody(byteBuffer: body))
    }
}

extension JSONBuffer {
    /// An RFC 9457 problem document.
    mutating func problem(_ error: ElvesError, trace: Trace) {
        object { json in
            json.member("type", error.code.type)
            json.member("title", error.code.title)
            json.member("status", error.code.status)
            json.member("code", error.code.code)
            json.member("detail", error.message)
            json.member("hint", error.hint)
            json.member("retryable", error.isRetryable)
            json.member("trace", trace.id)
            json.member("details", map: error.details)
        }
    }
}
