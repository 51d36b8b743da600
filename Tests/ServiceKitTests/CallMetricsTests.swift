import ServiceKit
import Testing
import Thrift
import ThriftInProcess

/// Calls are counted by method and by how they end.
@Suite struct CallMetricsTests {
    @Test func callsAreCountedByMethodAndOutcome() async throws {
        let metrics = MetricsRegistry()
        let router = ThriftRouter([Planted()], interceptors: [CallMetrics(metrics)])
        let known = InProcessCaller(router, as: PeerIdentity(role: "openapi", instance: "openapi-1"))
        let stranger = InProcessCaller(router, as: PeerIdentity(role: "agent", instance: "a"))
        for _ in 1...3 { _ = try await known.call(Planted.works, options: CallOptions()) { _ in } }
        for _ in 1...2 { #expect(await code(known, Planted.breaks) == .overloaded) }
        #expect(await code(known, Planted.dies) == .internalError)
        #expect(await code(stranger, Planted.works) == .denied)

        let text = try PrometheusText(metrics.prometheusText())
        #expect(text.types["elves_thrift_call_seconds"] == "histogram")
        #expect(text.value("elves_thrift_call_seconds_count", ["method": "Planted:works"]) == 3)
        #expect(text.buckets("elves_thrift_call_seconds", ["method": "Planted:works"]).last?.count == 3)
        #expect(text.value("elves_thrift_call_seconds_count", ["method": "Planted:breaks"]) == 0)
        let failures = text.samples.filter { $0.name == "elves_thrift_failures_total" }
        #expect(
            Set(failures.map { "\($0.labels["method"] ?? "") \($0.labels["code"] ?? "") \(Int($0.value))" }) == [
                "Planted:breaks overloaded 2", "Planted:dies internal error 1", "Planted:works denied 1",
            ])
    }

    private func code(_ caller: any ThriftCaller, _ method: MethodDescriptor) async -> ThriftError.Code? {
        do {
            _ = try await caller.call(method, options: CallOptions()) { _ in }
            return nil
        } catch {
            return (error as? ThriftError)?.code
        }
    }
}
