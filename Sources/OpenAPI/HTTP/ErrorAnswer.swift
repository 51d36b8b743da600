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
        json.object { json in
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

    /// The error as `/api/v2` tells it: HTTP 200, flag "false", `[CODE]Text`.
    init(envelope error: ElvesError) {
        let detail = error.message == error.code.title ? "" : error.message
        self.init(envelope: error.code.elves2.envelope(detail: detail))
    }

    /// The `[CODE]Text` in the envelope of `/api/v2`.
    init(envelope text: String) {
        var json = JSONBuffer()
        json.object { json in
            json.member("flag", "false")
            json.member("error", text)
        }
        status = .ok
        headers = [.contentType: "application/json"]
        body = json.bytes
    }

    var response: Response {
        Response(status: status, headers: headers, body: ResponseBody(byteBuffer: body))
    }
}
