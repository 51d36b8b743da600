import HTTPTypes
import Hummingbird
import NIOCore

/// Makes answers.
enum Answer {
    /// JSON that `write` produces.
    static func json(
        _ status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], capacity: Int = 1024,
        _ write: (inout JSONBuffer) -> Void
    ) -> Response {
        var buffer = JSONBuffer(capacity: capacity)
        write(&buffer)
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: buffer.bytes))
    }
}
