import ElvesCore
import Testing

@testable import Scheduler

@Suite struct OutputCursorTests {
    @Test func theStartIsZero() throws {
        #expect(try OutputCursor(0).attempt == nil)
        #expect(try OutputCursor(0).number == 0)
    }

    @Test(arguments: 1...100) func isReadBack(seed: UInt64) throws {
        var random = SeededRandom(seed)
        let cursor = OutputCursor(
            attempt: Int32.random(in: 1..<1 << 17, using: &random),
            offset: Int64.random(in: 0..<1 << 44, using: &random),
            isInline: Bool.random(using: &random), isAtEnd: Bool.random(using: &random))
        #expect(try OutputCursor(cursor.number) == cursor && cursor.number > 0)
    }

    @Test(arguments: [-1, 5, Int64.min]) func otherNumbersAreRefused(_ number: Int64) {
        let error = #expect(throws: ElvesError.self) { try OutputCursor(number) }
        #expect(error?.code == .schedulerRequestInvalid)
    }
}
