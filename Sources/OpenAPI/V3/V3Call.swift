import Crypto
import ElvesCore
import HTTPTypes
import Hummingbird
import NIOCore

/// One authenticated call of `/api/v3`.
struct V3Call: Sendable {
    let key: KeyEntry
    let head: HTTPRequest
    let query: Query
    let body: ByteBuffer
    let trace: Trace
    let arrival: ContinuousClock.Instant
    private let parameters: Parameters

    init(
        key: KeyEntry, head: HTTPRequest, query: Query, body: ByteBuffer, arrival: ContinuousClock.Instant,
        context: EdgeContext
    ) {
        self.key = key
        self.head = head
        self.query = query
        self.body = body
        self.arrival = arrival
        trace = context.trace ?? Trace()
        parameters = context.parameters
    }

    /// What accompanies calls that are made for this one.
    var port: PortCall { PortCall(trace: trace.header, caller: key.id) }

    /// The same for a caller that waits so long.
    func port(waiting waitMs: Int64) -> PortCall { port.answering(within: waitMs, since: arrival) }

    /// Whether the caller names that media type as one that it takes.
    func accepts(_ type: String) -> Bool {
        guard let header = head.headerFields[.accept] else { return false }
        return header.split(separator: ",").contains { member in
            let name = member.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }
            return name.lowercased() == type
        }
    }

    /// A part of the path, percent-decoded.
    func part(_ name: String) -> String { FormText.decodePath(parameters[name[...]] ?? "") }

    /// A part of the path that is an id.
    func id(_ name: String = "id") throws(ElvesError) -> Int64 {
        let text = part(name)
        guard let id = ElvesID(text) else {
            throw ElvesError(.elvesIdInvalid, "\"\(text)\" is not an id of 16 hex digits")
        }
        return id.rawValue
    }
}

/// Makes routes of `/api/v3`: authentication, query and body come before the handler.
struct V3Gateway: Sendable {
    let authenticator: V3Authenticator
    let limits: EdgeLimits

    /// A route whose handler gets an authenticated call with its whole body.
    func route(
        _ method: HTTPRequest.Method, _ path: String, _ description: RouteDescription,
        _ handle: @escaping @Sendable (V3Call) async throws -> Response
    ) -> Route {
        let known = description.query.map(\.name)
        let repeatable = Set(description.query.filter(\.isRepeatable).map(\.name))
        let takesJSON =
            switch description.body {
            case .json, .optionalJSON: true
            default: false
            }
        return Route(method: method, path: path, description: description) { request, context in
            let claim = try authenticator.claim(of: request.head)
            if takesJSON { try Self.requireJSON(request.headers[.contentType]) }
            let body = try await request.wholeBody(upTo: limits.body)
            let arrival = ContinuousClock.now
            let key: KeyEntry
            switch claim {
            case .proven(let proven): key = proven
            case .signed(let signed):
                key = try authenticator.prove(signed, bodyDigest: Array(SHA256.hash(data: body.readableBytesView)))
            }
            let query = try Query(request.uri.query, known: known, repeatable: repeatable)
            return try await handle(
                V3Call(
                    key: key, head: request.head, query: query, body: body, arrival: arrival, context: context))
        }
    }

    /// JSON under its own name, under none, or under the one that curl gives without being asked.
    private static func requireJSON(_ type: String?) throws(ElvesError) {
        guard let type, type != "application/json" else { return }
        let media = type.prefix { $0 != ";" }.lowercased()
        let name = media.hasSuffix(" ") ? String(media.dropLast()) : media
        guard ["application/json", "application/x-www-form-urlencoded"].contains(name) || name.hasSuffix("+json") else {
            throw ElvesError(.openapiRequestMediaType, "the body is \(name), not application/json")
        }
    }
}
