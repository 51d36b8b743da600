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
