import Testing

@testable import Runner

@Suite struct ShelvedEndsTests {
    private func shelf(count: Int = 100, bytes: Int64 = 1 << 30, age: Int64 = 1000, remembered: Int = 2) -> ShelvedEnds
    {
        var place = EndPlace(folder: "/nowhere", bytes: bytes)
        place.count = count
        place.age = age
        place.remembered = remembered
        return ShelvedEnds(place)
    }

    private func key(_ task: Int64) -> AttemptKey { AttemptKey(taskId: task) }
    private func gone(_ task: Int64, _ limit: String?) -> ShelvedEnds.Gone { .init(key: key(task), limit: limit) }

    @Test func tooManyPushTheOldestOut() {
        var ends = shelf(count: 2)
        #expect(ends.add(key(1), bytes: 1, at: 1).isEmpty && ends.add(key(2), bytes: 1, at: 2).isEmpty)
        #expect(ends.add(key(3), bytes: 1, at: 3) == [gone(1, "disk")])
        #expect(!ends.contains(key(1)) && Set(ends.untakenKeys) == [key(2), key(3)])
    }

    @Test func tooManyBytesPushTheOldestOut() {
        var ends = shelf(bytes: 20_000)
        #expect(ends.add(key(1), bytes: 9000, at: 1).isEmpty)
        // Counted as the disk does: in blocks.
        #expect(ends.add(key(2), bytes: 1, at: 2).isEmpty && ends.add(key(3), bytes: 1, at: 3).isEmpty)
        #expect(ends.add(key(4), bytes: 4000, at: 4) == [gone(1, "disk")])
        #expect(ends.add(key(5), bytes: 15_000, at: 5) == [gone(2, "disk"), gone(3, "disk")])
    }

    @Test func theOldGoInTime() {
        var ends = shelf(age: 10)
        _ = ends.add(key(1), bytes: 1, at: 0)
        _ = ends.add(key(2), bytes: 1, at: 5)
        #expect(ends.dropOld(now: 10).isEmpty)
        #expect(ends.dropOld(now: 11) == [gone(1, "age")])
        #expect(ends.untakenKeys == [key(2)])
    }

    @Test func whatWasTakenIsKeptForAWhileAndGoesFirst() {
        var ends = shelf(count: 4)
        for task in Int64(1)...4 { _ = ends.add(key(task), bytes: 1, at: task) }
        for task in Int64(2)...4 { ends.take(key(task)) }
        #expect(ends.untakenKeys == [key(1)] && ends.contains(key(2)))
        #expect(ends.dropOld(now: 5) == [gone(2, nil)])
        ends.take(key(3))
        #expect(ends.add(key(5), bytes: 1, at: 5).isEmpty)
        #expect(ends.add(key(6), bytes: 1, at: 6) == [gone(3, nil)])
        ends.forget(key(4))
        #expect(ends.add(key(7), bytes: 1, at: 7).isEmpty)
        #expect(ends.add(key(8), bytes: 1, at: 8) == [gone(1, "disk")])
    }
}
