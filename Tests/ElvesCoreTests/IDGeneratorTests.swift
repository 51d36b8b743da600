import ElvesCore
import Testing

@Suite struct IDGeneratorTests {
    /// 2026-01-01 UTC.
    private let now: Int64 = 1_767_225_600_000

    @Test func idsHoldTimeAndGenerator() throws {
        var generator = try #require(IDGenerator(number: 1023))
        let first = generator.next(nowMs: now)
        let second = generator.next(nowMs: now)
        #expect(first.createdAtMs == now)
        #expect(first.generator == 1023)
        #expect(second.rawValue == first.rawValue + 1)
    }

    @Test func generatorNumbersHaveTenBits() {
        #expect(IDGenerator(number: 1024) == nil)
        #expect(IDGenerator(number: 0) != nil)
    }

    @Test func evenTheFirstIdOfAWrongClockIsPositive() throws {
        var generator = try #require(IDGenerator(number: 0))
        #expect(generator.next(nowMs: 0).rawValue > 0)
        #expect(generator.next(nowMs: .min).rawValue > 0)
    }

    @Test func aClockPastTheRangeIsNotBelieved() throws {
        var generator = try #require(IDGenerator(number: 5))
        let before = generator.next(nowMs: now)
        let after = generator.next(nowMs: .max)
        #expect(after > before)
        #expect(after.createdAtMs == now)
        #expect(generator.next(nowMs: now + 1).createdAtMs == now + 1)
    }

    @Test func aFullMillisecondBorrowsFromTheNext() throws {
        var generator = try #require(IDGenerator(number: 5))
        var last = generator.next(nowMs: now)
        for _ in 0..<4096 { last = generator.next(nowMs: now) }
        #expect(last.createdAtMs == now + 1)
    }

    @Test func idsGrowOverARestartBehindTheClock() throws {
        var first = try #require(IDGenerator(number: 5))
        let last = first.next(nowMs: now)
        var second = try #require(IDGenerator(number: 5, after: last))
        #expect(second.next(nowMs: now - 3_600_000) > last)
    }

    @Test(arguments: Seeds.few) func idsGrowWhateverTheClockDoes(seed: UInt64) throws {
        var random = SeededRandom(seed)
        var generator = try #require(IDGenerator(number: UInt16.random(in: 0...1023, using: &random)))
        var clock = now
        var last: ElvesID?
        for _ in 0..<20_000 {
            switch Int.random(in: 0..<100, using: &random) {
            case 0: clock -= Int64.random(in: 0...100_000, using: &random)
            case 1: clock += Int64.random(in: 0...100_000, using: &random)
            case 2..<10: clock += 1
            default: break
            }
            let id = generator.next(nowMs: clock)
            if let last { #expect(id > last) }
            #expect(id.createdAtMs >= clock)
            last = id
        }
    }
}
