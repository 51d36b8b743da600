import ElvesCore
import HTTPTypes
import Hummingbird
import Logging

/// The outermost layer: gives every request its trace, and turns every error into an answer of the form that
/// its path promises.
struct EdgeMiddleware: RouterMiddleware {
    let gate: Gate
    let counters: EdgeCounters
    /// Methods that a path takes, for `Allow`; empty for an unknown path.
    let allowed: @Sendable (String) -> [String]

    func handle(
        _ request: Request, context: EdgeContext, next: @concurrent (Request, EdgeContext) async throws -> Response
    ) async throws -> Response {
        let trace = Trace(headers: request.headers)
        var response: Response
        var context = context
        context.trace = trace
        do {
            response = try await next(request, context)
        } catch {
            let error = gate.isClosed ? ElvesError(.elvesStopping) : ElvesError(edge: error)
            response = answer(to: error, request, trace: trace, logger: context.logger)
        }
        response.headers[.elvesTrace] = trace.header
        counters.count(response.status)
        context.logger.debug(
            "request served",
            metadata: [
                "trace": "\(trace.header)", "http.method": "\(request.method)", "http.path": "\(request.uri.path)",
                "http.status": "\(response.status.code)",
            ])
        return response
    }

    private func answer(to error: ElvesError, _ request: Request, trace: Trace, logger: Logger) -> Response {
        let path = request.uri.path
        var error = error
        if error.code == .openapiRouteUnknown {
            let methods = allowed(path)
            error = methods.isEmpty ? Self.unknown(path) : Self.wrongMethod(request.method, path, allowed: methods)
        }
        if error.code.status >= 500 {
            let level: Logger.Level = error.code == .elvesInternal ? .error : .debug
            logger.log(
                level: level, "request failed",
                metadata: ["trace": "\(trace.id)", "http.path": "\(path)", "error": "\(error)"])
        }
        return (Self.isV2(path) ? ErrorAnswer(envelope: error) : ErrorAnswer(problem: error, trace: trace)).response
    }

    /// Whether the path's errors have the form of ELVES 2.0.
    static func isV2(_ path: String) -> Bool {
        let path = path.hasPrefix("//") ? path.dropFirst() : path[...]
        return path.hasPrefix("/api/v2/") || path == "/api/v2"
    }

    private static func unknown(_ path: String) -> ElvesError {
        ElvesError(.openapiRouteUnknown, "no path \(path)", details: ["path": path])
    }

    private static func wrongMethod(_ method: HTTPRequest.Method, _ path: String, allowed: [String]) -> ElvesError {
        let list = allowed.joined(separator: ", ")
        return ElvesError(
            .openapiRouteMethod, "\(path) takes \(list), not \(method.rawValue)", details: ["allow": list])
    }
}
