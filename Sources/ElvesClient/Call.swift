package import Foundation

/// One call of the REST API before it is signed.
package struct Call: Sendable {
    /// An HTTP method.
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case delete = "DELETE"
    }

    /// The HTTP method.
    package var method: Method
    /// The encoded path, from its first slash.
    package var path: String
    /// The encoded query without its question mark; empty when there is none.
    package var query: String
    /// The body; empty when there is none.
    package var body: [UInt8]
    /// The body's type.
    package var contentType: String
    /// Headers beside the authorization.
    package var headers: [(String, String)]
    /// How long the whole call may take.
    package var patience: Duration

    /// A call of `path`, whose parts are encoded one by one.
    package init(
        _ method: Method, _ path: [String], query: [(String, String?)] = [], body: [UInt8] = [],
        contentType: String = "application/json", headers: [(String, String)] = [],
        patience: Duration = .seconds(30)
    ) {
        self.method = method
        self.path = path.map { "/" + Self.encode($0) }.joined()
        self.query = query.compactMap { name, value in
            value.map { "\(Self.encode(name))=\(Self.encode($0))" }
        }.joined(separator: "&")
        self.body = body
        self.contentType = contentType
        self.headers = headers
        self.patience = patience
    }

    /// A call with a JSON body.
    package static func posting(
        _ path: [String], _ value: some Encodable, query: [(String, String?)] = [],
        headers: [(String, String)] = [], patience: Duration = .seconds(30)
    ) throws(CenterError) -> Call {
        do {
            let body = try RESTCoding.encoder().encode(value)
            return Call(.post, path, query: query, body: Array(body), headers: headers, patience: patience)
        } catch {
            throw CenterError.badRequest(reason: "the body of \(path.joined(separator: "/")): \(error)")
        }
    }

    /// Percent-encodes everything but RFC 3986's unreserved characters.
    package static func encode(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                result += byte < 16 ? "%0\(hex)" : "%\(hex)"
            }
        }
        return result
    }
}

/// Sends requests; the real one pools connections, tests bring their own.
package protocol Transport: Sendable {
    /// Sends a request and collects its answer.
    func send(_ request: HTTPRequest) async throws -> HTTPReply
    /// Sends a request and hands its answer over as it comes.
    func open(_ request: HTTPRequest) async throws -> HTTPStream
}

/// An answer whose body is still coming; it is read by one reader, at that reader's pace.
package struct HTTPStream {
    /// The HTTP status.
    package var status: Int
    /// Headers in the order they came.
    package var headers: [(String, String)]
    /// The next bytes; nil at the end.
    package var next: () async throws -> [UInt8]?

    /// An answer.
    package init(status: Int, headers: [(String, String)] = [], next: @escaping () async throws -> [UInt8]?) {
        self.status = status
        self.headers = headers
        self.next = next
    }
}

/// A request as it goes on the wire.
package struct HTTPRequest: Sendable {
    /// The method, in capitals.
    package var method: String
    /// The whole address with its query.
    package var url: String
    /// Headers in the order they are sent.
    package var headers: [(String, String)]
    /// The body; empty when there is none.
    package var body: [UInt8]
    /// How long to wait for the whole answer.
    package var patience: Duration

    /// A request.
    package init(method: String, url: String, headers: [(String, String)], body: [UInt8], patience: Duration) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.patience = patience
    }
}

/// An answer with its whole body.
package struct HTTPReply: Sendable {
    /// The HTTP status.
    package var status: Int
    /// Headers in the order they came.
    package var headers: [(String, String)]
    /// The body.
    package var body: [UInt8]

    /// An answer.
    package init(status: Int, headers: [(String, String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header of that name, whatever its case.
    package func header(_ name: String) -> String? {
        headers.first { $0.0.lowercased() == name.lowercased() }?.1
    }
}

/// How values travel: RFC 3339 times in UTC with milliseconds, keys as they are.
package enum RESTCoding {
    /// A decoder of answers.
    package static func decoder() -> JSONDecoder {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let text = try decoder.singleValueContainer().decode(String.self)
            guard let date = date(text) else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "\(text) is not an RFC 3339 time"))
            }
            return date
        }
        return decoder
    }

    /// An encoder of bodies, its keys sorted so that the same value gives the same bytes.
    package static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(text(date))
        }
        return encoder
    }

    /// `2026-01-02T03:04:05.678Z`.
    package static func text(_ date: Date) -> String {
        date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    private static func date(_ text: String) -> Date? {
        (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text))
            ?? (try? Date.ISO8601FormatStyle().parse(text))
    }
}
