import ElvesCore
import Testing

@testable import Bench

@Suite struct StormBenchTests {
    /// `unknown` is an end, and no kept promise.
    @Test func whatNobodyKnowsIsNotKept() {
        #expect(!StormBench.isKept(nil) && !StormBench.isKept(.dispatched) && !StormBench.isKept(.unknown))
        #expect(StormBench.isKept(.succeeded) && StormBench.isKept(.failed))
    }
}
