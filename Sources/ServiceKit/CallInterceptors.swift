internal import ElvesCore
package import Logging
internal import ServiceCore
package import Thrift

/// Counts calls by method and outcome, and times them.
package struct CallMetrics: ThriftInterceptor {
    private let metrics: MetricsRegistry
    private let method: MethodDescriptor?
    private let durations: DurationHistogram?

    /// Creates the interceptor.
    package init(_ metrics: MetricsRegistry) { self.init(metrics, nil) }

    private init(_ metrics: MetricsRegistry, _ method: MethodDescriptor?) {
        self.metrics = metrics
        self.method = method
        durations = method.map { metrics.histogram("elves_thrift_call_seconds", [("method", $0.wireName)]) }
    }

    package func prepared(for method: MethodDescriptor) -> any ThriftInterceptor { CallMetrics(metrics, method) }

    package func intercept(
        _ call: ThriftCall, next: (ThriftCall) async throws -> ThriftAnswer?
    ) async throws -> ThriftAnswer? {
        guard let durations else { return try await prepared(for: call.context.method).intercept(call, next: next) }
        let start = ContinuousClock.now
        do {
            let answer = try await next(call)
            durations.record(.now - start)
            return answer
        } catch {
            let code = (error as? ThriftError)?.code.description ?? "internal error"
            let method = ("method", call.context.method.wireName)
            metrics.count("elves_thrift_failures_total", [method, ("code", code)])
            throw error
        }
    }
}

/// Logs calls that fail in a way that no exception declares.
package struct CallLog: ThriftInterceptor {
    private let logger: Logger

    /// Creates the interceptor.
    package init(_ logger: Logger) { self.logger = logger }

    package func intercept(
        _ call: ThriftCall, next: (ThriftCall) async throws -> ThriftAnswer?
    ) async throws -> ThriftAnswer? {
        do { return try await next(call) } catch {
            let known = error as? ThriftError
            logger.warning(
                "call failed",
                metadata: [
                    "thrift.method": "\(call.context.method.wireName)", "peer": "\(call.context.peer)",
                    "trace": "\(call.context.header.trace ?? "")",
                    "code": "\((known?.registered ?? .elvesInternal).code)",
                    "error": "\(known?.message ?? "\(error)")",
                ])
            throw error
        }
    }
}
