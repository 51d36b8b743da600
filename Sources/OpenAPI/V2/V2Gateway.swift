import ElvesCore
import HTTPTypes
import Hummingbird

/// One call of `/api/v2` whose signature was right.
struct V2Call: Sendable {
    let key: KeyEntry
    let parameters: V2Parameters
    let trace: Trace
    let arrival: ContinuousClock.Instant

    /// What accompanies calls that are made for this one.
    var port: PortCall { PortCall(trace: trace.header, caller: key.id) }
}

/// Makes routes of `/api/v2`: signature and scope come before the handler.
struct V2Gateway: Sendable {
    let authenticator: V2Authenticator
    let access: Access
    let limits: EdgeLimits

    /// A call's two routes, by GET and by POST.
    func routes(
        _ path: String, _ description: RouteDescription,
        _ handle: @escaping @Sendable (V2Call) async throws -> Response
    ) -> [Route] {
        [HTTPRequest.Method.get, .post].map { method in
            Route(method: method, path: path, description: description.by(method)) { request, context in
                let parameters = try await parameters(of: request)
                let arrival = ContinuousClock.now
                let key = try authenticator.key(for: parameters, path: request.uri.path)
                let call = V2Call(
                    key: key, parameters: parameters, trace: context.trace ?? Trace(), arrival: arrival)
                try access.require(key, app: parameters["app"], function: parameters["func"])
                try access.requireDeclaredEntry(key, proxy: parameters["proxy"])
                if let ip = parameters["ip"] { try await access.require(key, agent: AgentName(ip: ip), call.port) }
                return try await handle(call)
            }
        }
    }

    private func parameters(of request: Request) async throws -> V2Parameters {
        let (query, limit) = (request.uri.query, limits.parameters)
        guard request.method == .post else { return try V2Parameters(query: query, limit: limit) }
        let body = try await request.wholeBody(upTo: limits.body)
        let type = request.headers[.contentType]?.lowercased() ?? "application/x-www-form-urlencoded"
        guard type.hasPrefix("application/x-www-form-urlencoded") else {
            return try V2Parameters(query: query, limit: limit)
        }
        return try V2Parameters(query: query, form: String(buffer: body), limit: limit)
    }
}

extension RouteDescription {
    /// The same call by one of its two methods.
    fileprivate func by(_ method: HTTPRequest.Method) -> RouteDescription {
        var description = self
        if method == .post {
            description.body = .form
        }
        description.id = method == .post ? "\(id)ByPost" : id
        return description
    }
}

extension Answer {
    /// The envelope of a call that went well.
    static func envelope(_ result: ((inout JSONBuffer) -> Void)? = nil) -> Response {
        json { json in
            json.object { json in
                json.member("flag", "true")
                json.member("error", "")
                if let result {
                    json.key("result")
                    result(&json)
                }
            }
        }
    }
}
