internal import ElvesCore
package import Logging
package import Thrift

/// Logs the calls that are served, with their trace: at `debug` those that were answered, at `warning` those
/// that fail in a way that no exception declares.
package struct CallLog: ThriftInterceptor {
    private let logger: Logger

    /// Creates the interceptor.
    package init(_ logger: Logger) { self.logger = logger }

    package func intercept(
        _ call: ThriftCall, next: (ThriftCall) async throws -> ThriftAnswer?
    ) async throws -> ThriftAnswer? {
        do {
            let answer = try await next(call)
            logger.debug("call served", metadata: Self.facts(call))
            return answer
        } catch {
            let known = error as? ThriftError
            var facts = Self.facts(call)
            facts["code"] = "\((known?.registered ?? .elvesInternal).code)"
            facts["error"] = "\(known?.message ?? "\(error)")"
            logger.warning("call failed", metadata: facts)
            throw error
        }
    }

    private static func facts(_ call: ThriftCall) -> Logger.Metadata {
        [
            "thrift.method": "\(call.context.method.wireName)", "peer": "\(call.context.peer)",
            "trace": "\(call.context.header.trace ?? "")",
        ]
    }
}
